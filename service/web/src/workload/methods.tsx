// What each way of allocating the hardware makes of the same workload.
import { useContext } from "preact/hooks";
import { Chart } from "../charts/chart.tsx";
import { mass, massUnit, massWithUnit } from "../format.ts";
import { color } from "../theme.ts";
import type { Answer } from "./answer.ts";
import { Form } from "./form_state.ts";
import { useCodes } from "./codes.ts";
import { put } from "./request.ts";
import { METHODS } from "./words.ts";

const LACKING = "ALLOC_DRIVER_MISSING";

export function Methods({ answer }: { answer: Answer }) {
  const { request, change, lead } = useContext(Form);
  const codes = useCodes();
  const { alternatives, method } = answer.allocation;
  const known = alternatives.filter((one) => one.embodied_kg_co2e !== null);
  if (known.length === 0) return null;
  const unit = massUnit(...known.flatMap((one) => [one.embodied_kg_co2e, one.unallocated_kg_co2e]));
  const option = () => ({
    grid: { left: 88, right: 84, top: 4, bottom: 8 },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: known.map((one) => METHODS[one.method]?.name ?? one.method),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: color("--ink"), fontSize: 12 },
    },
    series: [
      {
        type: "bar",
        stack: "made",
        barWidth: 16,
        data: known.map((one) => ({ value: one.embodied_kg_co2e! * unit.perKg, itemStyle: { color: color(one.method === method ? "--part-3" : "--part-4") } })),
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${massWithUnit(known[dataIndex]!.embodied_kg_co2e, unit)} CO₂e` },
      },
      {
        type: "bar",
        stack: "made",
        data: known.map((one) => ({ value: (one.unallocated_kg_co2e ?? 0) * unit.perKg })),
        itemStyle: { color: color("--well"), borderColor: color("--line-strong"), borderType: "dashed" },
        label: {
          show: true,
          position: "right",
          color: color("--ink"),
          formatter: ({ dataIndex }: { dataIndex: number }) => massWithUnit(known[dataIndex]!.embodied_kg_co2e, unit),
        },
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${massWithUnit(known[dataIndex]!.unallocated_kg_co2e, unit)} CO₂e reserved, but not used` },
      },
    ],
  });
  return (
    <section class="card" aria-labelledby="methods-title">
      <h2 id="methods-title">How the choice of method moves it</h2>
      <p class="quiet">Making the hardware is paid once and used by many. Which part is this workload's? Four ways to say it.</p>
      <Chart label="Making of the hardware under each method; the table below has the numbers." height={20 + known.length * 34} option={option} inputs={[answer]} />
      <table class="plain methods">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col" class="amount">
                This workload, {unit.name}
              </th>
              <th scope="col" class="amount">
                Left idle, {unit.name}
              </th>
              <th scope="col">
                <span class="unseen">Choose</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {alternatives.map((one) => (
              <tr aria-current={one.method === method ? "true" : undefined}>
                <th scope="row">
                  {METHODS[one.method]?.name ?? one.method} <small>{one.code === null ? METHODS[one.method]?.about : one.code === LACKING ? METHODS[one.method]?.needs : (codes[one.code] ?? one.code)}</small>
                </th>
                <td class="amount" data-label={`this workload, ${unit.name}`}>
                  {mass(one.embodied_kg_co2e, unit)}
                </td>
                <td class="amount" data-label={`left idle, ${unit.name}`}>
                  {one.unallocated_kg_co2e ? mass(one.unallocated_kg_co2e, unit) : "–"}
                </td>
                <td>
                  {one.method === method ? (
                    <span class="set">in use</span>
                  ) : one.code ? (
                    <button type="button" class="quiet-button" onClick={() => lead(METHODS[one.method]?.field ?? "/allocation/method")}>
                      Add<span class="unseen"> what {METHODS[one.method]?.name} needs</span>
                    </button>
                  ) : (
                    <button type="button" class="quiet-button" onClick={() => change(put(request, "/allocation/method", one.method))}>
                      Use<span class="unseen"> {METHODS[one.method]?.name}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
      </table>
    </section>
  );
}
