// Where and when a bill emitted: every piece is a figure of the service, of one region in one month.
import { useState } from "preact/hooks";
import { Chart, Figure } from "../charts/chart.tsx";
import { mass, massUnit, massWithUnit, number } from "../format.ts";
import { Choice } from "../parts/choice.tsx";
import { seriesColor } from "../pool/stacked.tsx";
import { color } from "../theme.ts";
import { BASES, type Basis } from "../workload/answer.ts";
import type { Places, Point } from "./answers.ts";
import { below, kilogramAxis, nameAxis } from "./totals.tsx";

const NAMES: Record<Basis, string> = { location_based: "Location-based", market_based: "Market-based" };
const MOST = 20; // regions that are drawn
const MOST_LISTED = 240;
const MONTH = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });
const monthName = (start: string) => MONTH.format(new Date(start));

export function Where({ places }: { places: Places }) {
  const [basis, setBasis] = useState<Basis>("location_based");
  const of = (point: Point) => point[`total_${basis}_kg_co2e`];
  const points = places.features.map((feature) => feature.properties);
  if (points.length === 0) return null;
  const unit = massUnit(...points.map(of));
  const months = [...new Set(points.map((point) => point.period_start))].sort();
  const largest = new Map<string, number>();
  for (const point of points) largest.set(point.region_id, Math.max(largest.get(point.region_id) ?? 0, of(point) ?? 0));
  const regions = [...largest.keys()].sort((one, other) => largest.get(other)! - largest.get(one)!);
  const byKey = new Map(points.map((point) => [`${point.region_id} ${point.period_start}`, point]));
  const at = (region: string, month: string) => byKey.get(`${region} ${month}`);
  const kg = (region: string, month: string) => (of(at(region, month) ?? ({} as Point)) ?? 0) * unit.perKg;
  const tip = (region: string, month: string) => `${region}, ${monthName(month)}\n${massWithUnit(of(at(region, month) ?? ({} as Point)), unit)} CO₂e`;
  const drawn = regions.slice(0, MOST);
  const style = (name: string) => ({ color: color(name), borderColor: color("--paper"), borderWidth: 1 });
  const byMonth = () => ({
    grid: { left: 52, right: 8, top: 28, bottom: 28 },
    xAxis: { type: "category", data: months.map(monthName), axisTick: { show: false }, axisLine: { lineStyle: { color: color("--line-strong") } }, axisLabel: { color: color("--ink"), fontSize: 11, interval: months.length <= 5 ? 0 : "auto" } },
    yAxis: { ...kilogramAxis(unit), nameTextStyle: { color: color("--ink-soft"), align: "left", padding: [0, 0, 0, -44] } },
    series: regions.map((region, place) => ({
      type: "bar",
      stack: "month",
      name: region,
      barMaxWidth: 56,
      itemStyle: style(seriesColor(place)),
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => tip(region, months[dataIndex]!) },
      data: months.map((month) => kg(region, month)),
    })),
  });
  const byRegion = () => ({
    grid: { left: 136, right: 12, top: 4, bottom: 40 },
    xAxis: { ...kilogramAxis(unit), ...below },
    yAxis: nameAxis(drawn, 128),
    series: months.map((month) => ({
      type: "bar",
      stack: "region",
      name: monthName(month),
      barWidth: 18,
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => tip(drawn[dataIndex]!, month) },
      data: drawn.map((region, place) => ({ value: kg(region, month), itemStyle: style(seriesColor(place)) })),
    })),
  });
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Region</th>
          <th scope="col">Month</th>
          <th scope="col" class="amount">
            Location-based, {unit.name}
          </th>
          <th scope="col" class="amount">
            Market-based, {unit.name}
          </th>
          <th scope="col" class="amount">
            Rows
          </th>
        </tr>
      </thead>
      <tbody>
        {points.slice(0, MOST_LISTED).map((point) => (
          <tr>
            <th scope="row">
              {point.region_id} <small>{point.name}</small>
            </th>
            <td>{monthName(point.period_start)}</td>
            <td class="amount">{mass(point.total_location_based_kg_co2e, unit)}</td>
            <td class="amount">{mass(point.total_market_based_kg_co2e, unit)}</td>
            <td class="amount">{number(point.rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <>
      <div class="choices">
        <Choice label="Electricity is counted" value={basis} onValue={(value) => setBasis(value as Basis)} options={BASES.map((one) => [one, NAMES[one]])} />
      </div>
      <Figure title="By month and by region" table={table}>
        <ul class="legend">
          {regions.slice(0, 8).map((region, place) => (
            <li>
              <span class={`swatch ${seriesColor(place).slice(2)}`} aria-hidden="true" />
              {region}
            </li>
          ))}
          {regions.length > 8 && (
            <li>
              <span class="swatch series-rest" aria-hidden="true" />
              {regions.length - 8} others
            </li>
          )}
        </ul>
        <div class="two-charts">
          <Chart label={`Emissions by month, ${NAMES[basis].toLowerCase()}, each bar cut by region; the table below has the numbers.`} height={240} option={byMonth} inputs={[places, basis]} />
          <Chart label={`Emissions by region, ${NAMES[basis].toLowerCase()}, each bar cut by month; the table below has the numbers.`} height={Math.max(160, 56 + drawn.length * 30)} option={byRegion} inputs={[places, basis]} />
        </div>
        {regions.length > MOST && <p class="hint">The {MOST} largest of {regions.length} regions; the files below have all.</p>}
        {places.rows_without_region > 0 && (
          <p class="hint">
            In no known region, and so in none of these bars: {number(places.rows_without_region)} rows, {massWithUnit(places.without_region[`total_${basis}_kg_co2e`])} CO₂e.
          </p>
        )}
      </Figure>
    </>
  );
}
