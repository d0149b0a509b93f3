// The two totals, as large numbers, and the axis that all bars of a file share.
import { mass, massUnit, number, type MassUnit } from "../format.ts";
import { color } from "../theme.ts";
import { isWide } from "../charts/chart.tsx";

export function Totals({ location, market, aside }: { location: number | null; market: number | null; aside?: { name: string; about: string; kg: number } }) {
  const unit = massUnit(location, market, aside?.kg);
  const one = (kind: string, name: string, about: string, kg: number | null) => (
    <div class={`total ${kind}`}>
      <h2>
        {name} <small>{about}</small>
      </h2>
      <p class="figure-large">
        <span class="value">{mass(kg, unit)}</span> <span class="unit-large">{unit.name} CO₂e</span>
      </p>
    </div>
  );
  return (
    <div class={`totals ${aside ? "three" : ""}`}>
      {one("location_based", "Location-based", "by the local grid", location)}
      {one("market_based", "Market-based", "by what was bought", market)}
      {aside && one("reported", aside.name, aside.about, aside.kg)}
    </div>
  );
}

export const kilogramAxis = (unit: MassUnit) => ({
  type: "value" as const,
  splitNumber: isWide() ? 6 : 3,
  axisLabel: { color: color("--ink-soft"), hideOverlap: true, formatter: (value: number) => number(value, 3) },
  splitLine: { lineStyle: { color: color("--line") } },
  name: `${unit.name} CO₂e`,
  nameLocation: "end" as const,
  nameTextStyle: { color: color("--ink-soft") },
});

export const below = { nameGap: 6, nameTextStyle: { align: "right" as const, verticalAlign: "top" as const, padding: [22, 0, 0, 0] } };

export const nameAxis = (names: string[], width: number) => ({
  type: "category" as const,
  data: names,
  inverse: true,
  axisTick: { show: false },
  axisLine: { show: false },
  axisLabel: { color: color("--ink"), fontSize: 12, width, overflow: "truncate" as const },
});
