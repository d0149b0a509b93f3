// What a bill comes to: its totals, what they cover and rest on, and where and when.
import { Chart, Figure, isWide } from "../charts/chart.tsx";
import { mass, massUnit, massWithUnit, number, share } from "../format.ts";
import { color } from "../theme.ts";
import { BASES, type Basis } from "../workload/answer.ts";
import { useCodes } from "../workload/codes.ts";
import { sentence } from "../workload/words.ts";
import type { Bill, Places, Reason } from "./answers.ts";
import { below, kilogramAxis, nameAxis, Totals } from "./totals.tsx";
import { Where } from "./where.tsx";

const NAMES: Record<Basis, string> = { location_based: "Location-based", market_based: "Market-based" };
const PARTS: { name: string; color: string; fields: Record<Basis, string> }[] = [
  { name: "Electricity", color: "--part-1", fields: { location_based: "scope2_location_kg_co2e", market_based: "scope2_market_kg_co2e" } },
  { name: "Fuels and grid losses", color: "--part-2", fields: { location_based: "scope3_fuel_and_energy_location_kg_co2e", market_based: "scope3_fuel_and_energy_market_kg_co2e" } },
  { name: "Making of hardware", color: "--part-3", fields: { location_based: "scope3_embodied_kg_co2e", market_based: "scope3_embodied_kg_co2e" } },
  { name: "Infrastructure", color: "--series-4", fields: { location_based: "scope3_infrastructure_kg_co2e", market_based: "scope3_infrastructure_kg_co2e" } },
  { name: "Estimated from cost", color: "--part-4", fields: { location_based: "scope3_spend_kg_co2e", market_based: "scope3_spend_kg_co2e" } },
];

export function BillResult({ bill, places }: { bill: Bill; places: Places | null }) {
  const { location_based_kg_co2e: location, market_based_kg_co2e: market } = bill.totals;
  return (
    <>
      <p class="sentence">{told(bill)}</p>
      <Totals location={location} market={market} />
      <p class="never">Two views of the same usage: never add them.</p>
      <Made bill={bill} />
      <Rests bill={bill} />
      {places ? <Where places={places} /> : <p class="quiet" role="status">Looking where and when …</p>}
      <Reasons title="Rows without any figure" reasons={bill.not_estimated} />
      <Reasons title="Rows estimated from their cost alone" reasons={bill.by_spend} />
      {bill.currencies.length > 1 && <Currencies bill={bill} />}
      <p class="quiet method-line">
        Method {bill.method_version}, factor set {bill.factor_set}.
      </p>
    </>
  );
}

function told(bill: Bill) {
  const { location_based_kg_co2e: location, market_based_kg_co2e: market } = bill.totals;
  if (location === null && market === null) return <>No row of this bill could be estimated; the reasons are below.</>;
  const unit = massUnit(location, market);
  return (
    <>
      This bill of {number(bill.rows)} rows stands for <b class="by-location">{massWithUnit(location, unit)}</b> of CO₂e by the local grids, or <b class="by-market">{massWithUnit(market, unit)}</b> by
      what was bought.{" "}
      {bill.covered_cost_share !== null
        ? `Figures cover ${share(bill.covered_cost_share)} of the cost of usage.`
        : `It has several currencies, which are not added: ${bill.currencies.map((one) => `${one.currency} ${one.covered_cost_share === null ? "–" : share(one.covered_cost_share)} covered`).join(", ")}.`}
    </>
  );
}

function Made({ bill }: { bill: Bill }) {
  const unit = massUnit(bill.totals.location_based_kg_co2e, bill.totals.market_based_kg_co2e);
  const parts = PARTS.filter(({ fields }) => BASES.some((basis) => bill.figures[fields[basis]] !== null));
  const option = () => ({
    grid: { left: 108, right: 12, top: 4, bottom: 40 },
    xAxis: { ...kilogramAxis(unit), ...below },
    yAxis: nameAxis(BASES.map((basis) => NAMES[basis]), 104),
    series: parts.map((part) => ({
      type: "bar",
      name: part.name,
      stack: "total",
      barWidth: 30,
      itemStyle: { color: color(part.color), borderColor: color("--paper"), borderWidth: 1 },
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${part.name}\n${massWithUnit(bill.figures[part.fields[BASES[dataIndex]!]], unit)} CO₂e` },
      data: BASES.map((basis) => (bill.figures[part.fields[basis]] ?? 0) * unit.perKg),
    })),
  });
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Part</th>
          {BASES.map((basis) => (
            <th scope="col" class="amount">
              {NAMES[basis]}, {unit.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {PARTS.map((part) => (
          <tr>
            <th scope="row">{part.name}</th>
            {BASES.map((basis) => (
              <td class="amount">{mass(bill.figures[part.fields[basis]], unit)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Figure title="What it is made of" table={table}>
      <ul class="legend">
        {parts.map((part) => (
          <li>
            <span class={`swatch ${part.color.slice(2)}`} aria-hidden="true" />
            {part.name}
          </li>
        ))}
      </ul>
      <Chart label="What the two totals of the bill are made of; the table below has the numbers." height={132} option={option} inputs={[bill]} />
    </Figure>
  );
}

function Rests({ bill }: { bill: Bill }) {
  const rows: { name: string; rows: number; color: string }[] = [
    { name: "Machines and hours", rows: bill.estimated.machine, color: "--series-1" },
    { name: "Data stored", rows: bill.estimated.storage, color: "--series-1" },
    { name: "Data moved", rows: bill.estimated.network, color: "--series-1" },
    { name: "Cost alone", rows: bill.estimated.spend, color: "--part-4" },
    ...bill.not_estimated.map((reason) => ({ name: `No figure: ${reason.reason.replaceAll("_", " ")}`, rows: reason.rows, color: "--market" })),
  ].filter((one) => one.rows > 0);
  const wide = isWide();
  const option = () => ({
    grid: { left: wide ? 190 : 132, right: 64, top: 4, bottom: 8 },
    xAxis: { type: "value", show: false },
    yAxis: nameAxis(rows.map((one) => one.name), wide ? 180 : 124),
    series: [
      {
        type: "bar",
        barWidth: 16,
        emphasis: { disabled: true },
        label: { show: true, position: "right", color: color("--ink"), formatter: ({ dataIndex }: { dataIndex: number }) => number(rows[dataIndex]!.rows) },
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${rows[dataIndex]!.name}\n${number(rows[dataIndex]!.rows)} rows` },
        data: rows.map((one) => ({ value: one.rows, itemStyle: { color: color(one.color) } })),
      },
    ],
  });
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Rests on</th>
          <th scope="col" class="amount">
            Rows
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr>
            <th scope="row">{one.name}</th>
            <td class="amount">{number(one.rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Figure title="What the rows rest on" table={table}>
      <Chart label={`Rows by what their figure rests on: ${rows.map((one) => `${one.name} ${number(one.rows)}`).join(", ")}.`} height={16 + rows.length * 32} option={option} inputs={[bill]} />
    </Figure>
  );
}

function Reasons({ title, reasons }: { title: string; reasons: Reason[] }) {
  const codes = useCodes();
  if (reasons.length === 0) return null;
  return (
    <div class="scroll" role="region" aria-label={title} tabIndex={0}>
      <table class="plain">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col" class="amount">
              Rows
            </th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((reason) => (
            <tr>
              <th scope="row">
                {sentence(reason.detail)} <small>{codes[reason.code] ?? reason.code}</small>
              </th>
              <td class="amount">{number(reason.rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Currencies({ bill }: { bill: Bill }) {
  return (
    <table class="plain">
      <caption>Currencies, never added to each other</caption>
      <thead>
        <tr>
          <th scope="col">Currency</th>
          <th scope="col" class="amount">
            Rows
          </th>
          <th scope="col" class="amount">
            Cost
          </th>
          <th scope="col" class="amount">
            Covered
          </th>
        </tr>
      </thead>
      <tbody>
        {bill.currencies.map((one) => (
          <tr>
            <th scope="row">{one.currency}</th>
            <td class="amount">{number(one.rows)}</td>
            <td class="amount">{number(one.effective_cost)}</td>
            <td class="amount">{one.covered_cost_share === null ? "–" : share(one.covered_cost_share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
