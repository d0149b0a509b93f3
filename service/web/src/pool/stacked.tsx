// The pool by every method, as bars of the same length that are cut in different places.
import { Chart, Figure, isWide } from "../charts/chart.tsx";
import { mass, massWithUnit, number } from "../format.ts";
import { color } from "../theme.ts";
import type { Answer } from "./answer.ts";
import { rowsOf, unitOf } from "./heat.tsx";
import { WORDS } from "./words.ts";

const COLORS = 8; // more cannot be told apart: the others share the last

export const seriesColor = (place: number) => (place < COLORS ? `--series-${place + 1}` : "--series-rest");

export function Stacked({ answer }: { answer: Answer }) {
  const { methods, rows, idle } = rowsOf(answer);
  const unit = unitOf(rows);
  const all = idle ? [...rows, idle] : rows;
  const fill = (place: number) => (all[place] === idle ? "--well" : seriesColor(place));
  const option = () => ({
    grid: { left: 78, right: 16, top: 4, bottom: 40 },
    xAxis: {
      type: "value",
      max: answer.pool.kg_co2e * unit.perKg,
      splitNumber: isWide() ? 6 : 3,
      axisLabel: { color: color("--ink-soft"), hideOverlap: true, showMaxLabel: false, formatter: (value: number) => number(value, 3) },
      splitLine: { lineStyle: { color: color("--line") } },
      name: `${unit.name} CO₂e`,
      nameLocation: "end",
      nameGap: 6,
      nameTextStyle: { color: color("--ink-soft"), align: "right", verticalAlign: "top", padding: [22, 0, 0, 0] },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: methods.map((method) => WORDS[method].name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: color("--ink"), fontSize: 12, formatter: (name: string) => (name === WORDS[answer.method].name ? `{used|${name}}` : name), rich: { used: { fontWeight: 700, color: color("--ink"), fontSize: 12 } } },
    },
    series: all.map((row, place) => ({
      type: "bar",
      name: row.name,
      stack: "pool",
      barWidth: 26,
      itemStyle: { color: color(fill(place)), borderColor: color(row === idle ? "--line-strong" : "--paper"), borderWidth: 1 },
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${row.name}, ${WORDS[methods[dataIndex]!].name.toLowerCase()}\n${massWithUnit(row.kg[dataIndex], unit)} CO₂e` },
      data: row.kg.map((kg) => (kg ?? 0) * unit.perKg),
    })),
  });
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Consumer</th>
          {methods.map((method) => (
            <th scope="col" class="amount">
              {WORDS[method].name}, {unit.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {all.map((row) => (
          <tr>
            <th scope="row">{row.name}</th>
            {row.kg.map((kg) => (
              <td class="amount">{mass(kg, unit)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <section class="card" aria-labelledby="stacked-title">
      <h2 id="stacked-title">The pool by method</h2>
      <p class="quiet">Every bar is the whole pool; only the cuts move.</p>
      <Figure title="Parts of the consumers by method" table={table}>
        <ul class="legend">
          {all.slice(0, COLORS).map((row, place) => (
            <li>
              <span class={`swatch ${row === idle ? "idle" : seriesColor(place).slice(2)}`} aria-hidden="true" />
              {row.name}
            </li>
          ))}
          {rows.length > COLORS && (
            <li>
              <span class="swatch series-rest" aria-hidden="true" />
              {rows.length - COLORS} others
            </li>
          )}
          {idle && all.length > COLORS && (
            <li>
              <span class="swatch idle" aria-hidden="true" />
              {idle.name}
            </li>
          )}
        </ul>
        <Chart label="The parts of all consumers under each method; the table below has the numbers." height={48 + methods.length * 40} option={option} inputs={[answer]} />
      </Figure>
    </section>
  );
}
