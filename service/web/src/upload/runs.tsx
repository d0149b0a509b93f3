// What a file of records comes to: ours beside what the file itself says, over time, and what could not be read.
import { Chart, Figure, isWide } from "../charts/chart.tsx";
import { mass, massUnit, massWithUnit, number } from "../format.ts";
import { color } from "../theme.ts";
import { useCodes } from "../workload/codes.ts";
import { sentence } from "../workload/words.ts";
import type { Broken, Digest, Run, Summary } from "./answers.ts";
import { kilogramAxis, Totals } from "./totals.tsx";

type Side = "location" | "market" | "reported";
const SIDES: { side: Side; name: string; color: string }[] = [
  { side: "location", name: "Ours, location-based", color: "--location" },
  { side: "market", name: "Ours, market-based", color: "--market" },
  { side: "reported", name: "As the file says", color: "--part-4" },
];

export function RunsResult({ digest, tool }: { digest: Digest; tool: string }) {
  const { summary, runs, broken } = digest;
  const location = summary.totals?.location_based?.kg_co2e ?? null;
  const market = summary.totals?.market_based?.kg_co2e ?? null;
  const reported = summary.reported_kg_co2e;
  return (
    <>
      <p class="sentence">{told(summary, tool)}</p>
      {!summary.complete && (
        <p class="fault" role="alert">
          The file could not be read to its end; what was read until there is below.
        </p>
      )}
      {summary.totals && (
        <>
          <Totals location={location} market={market} {...(reported === null ? {} : { aside: { name: "As the file says", about: `by ${tool}'s own method`, kg: reported } })} />
          <p class="never">
            {reported === null ? "Two views of the same electricity: never add them." : `Three views of the same runs: never add them. ${tool} counts by a method of its own, for ${number(summary.reported_count)} of the records.`}
          </p>
        </>
      )}
      {runs.length > 0 && <OverTime runs={runs} count={summary.count - summary.failed} />}
      {broken.length > 0 && <Problems broken={broken} failed={summary.failed} />}
      <LeftOut summary={summary} />
      <Remarks summary={summary} />
    </>
  );
}

function told(summary: Summary, tool: string) {
  const failed = summary.failed > 0 && ` ${number(summary.failed)} of ${number(summary.count)} records have a problem and are in no sum.`;
  if (!summary.totals) return <>No record of this file could be estimated.{failed}</>;
  const location = summary.totals.location_based?.kg_co2e ?? null;
  const market = summary.totals.market_based?.kg_co2e ?? null;
  const unit = massUnit(location, market, summary.reported_kg_co2e);
  const records = summary.count - summary.failed;
  return (
    <>
      {number(records)} {records === 1 ? "record" : "records"} of {tool} emitted <b class="by-location">{massWithUnit(location, unit)}</b> of CO₂e by the local grids, or <b class="by-market">{massWithUnit(market, unit)}</b> by what
      was bought.{" "}
      {summary.reported_kg_co2e !== null && (
        <>
          The file itself says <b>{massWithUnit(summary.reported_kg_co2e, unit)}</b>.
        </>
      )}
      {failed}
    </>
  );
}

const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const MOST_LISTED = 200;

function OverTime({ runs, count }: { runs: Run[]; count: number }) {
  const sorted = [...runs].sort((one, other) => (one.start ?? "").localeCompare(other.start ?? ""));
  const sides = SIDES.filter(({ side }) => runs.some((run) => run[side] !== null));
  const unit = massUnit(...runs.flatMap((run) => [run.location, run.market, run.reported]));
  const day = (run: Run) => (run.start === null ? `record ${run.row}` : DAY.format(new Date(run.start)));
  const option = () => ({
    grid: { left: 52, right: 8, top: 28, bottom: 28 },
    xAxis: { type: "category", data: sorted.map((_, index) => index), axisTick: { show: false }, axisLine: { lineStyle: { color: color("--line-strong") } }, axisLabel: { color: color("--ink"), hideOverlap: true, formatter: (index: string) => day(sorted[Number(index)]!) } },
    yAxis: { ...kilogramAxis(unit), splitNumber: isWide() ? 5 : 3, nameTextStyle: { color: color("--ink-soft"), align: "left", padding: [0, 0, 0, -44] } },
    series: sides.map(({ side, name, color: fill }) => ({
      type: "bar",
      name,
      barMaxWidth: 28,
      barGap: "10%",
      itemStyle: { color: color(fill) },
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${sorted[dataIndex]!.name}, ${day(sorted[dataIndex]!)}\n${name}: ${massWithUnit(sorted[dataIndex]![side], unit)} CO₂e` },
      data: sorted.map((run) => (run[side] === null ? null : run[side] * unit.perKg)),
    })),
  });
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Record</th>
          <th scope="col">When</th>
          {sides.map(({ name }) => (
            <th scope="col" class="amount">
              {name}, {unit.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, MOST_LISTED).map((run) => (
          <tr>
            <th scope="row">
              {run.name} <small>row {run.row}</small>
            </th>
            <td>{day(run)}</td>
            {sides.map(({ side }) => (
              <td class="amount">{mass(run[side], unit)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Figure title="The records over time" table={table}>
      <ul class="legend">
        {sides.map(({ name, color: fill }) => (
          <li>
            <span class={`swatch ${fill === "--part-4" ? "part-4" : fill === "--location" ? "location_based" : "market_based"}`} aria-hidden="true" />
            {name}
          </li>
        ))}
      </ul>
      <Chart label="Every record by our two views and as the file says, in order of time; the table below has the numbers." height={260} option={option} inputs={[runs]} />
      {count > runs.length && <p class="hint">The first {number(runs.length)} of {number(count)} records; the files below have all.</p>}
    </Figure>
  );
}

function Problems({ broken, failed }: { broken: Broken[]; failed: number }) {
  const codes = useCodes();
  return (
    <div class="scroll tall" role="region" aria-label="Problems" tabIndex={0}>
      <table class="plain problems-table">
        <caption>Records with a problem</caption>
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {broken.map((one) => (
            <tr>
              <th scope="row">{one.row ?? "the end"}</th>
              <td>
                {one.faults.length > 0 ? one.faults.map((fault) => <p>{sentence(fault.detail)}</p>) : sentence(one.detail)}
                <small>{[columnOf(one), codes[one.code] ?? one.code].filter(Boolean).join(": ")}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {failed > broken.length && <p class="hint">The first {broken.length} of {number(failed)}; the CSV has all.</p>}
    </div>
  );
}

/** The column that a problem is in, where its pointer names one: `/3/duration`. */
function columnOf(one: Broken): string {
  return (one.faults[0]?.pointer ?? "").split("/").slice(2).join(", ");
}

function LeftOut({ summary }: { summary: Summary }) {
  if (summary.left_out.length === 0) return null;
  return (
    <ul class="notes">
      {summary.left_out.map((one) => (
        <li>
          {number(one.count)} {one.count === 1 ? "record is" : "records are"} left out, rightly: {sentence(one.reason)} <small>Rows {one.rows.join(", ")}.</small>
        </li>
      ))}
    </ul>
  );
}

function Remarks({ summary }: { summary: Summary }) {
  if (summary.warnings.length === 0) return null;
  return (
    <details class="numbers">
      <summary>What was assumed or left out ({summary.warnings.length})</summary>
      <ul class="notes">
        {summary.warnings.map((warning) => (
          <li>{sentence(warning.detail.replace(/\.$/, ""))}</li>
        ))}
      </ul>
    </details>
  );
}
