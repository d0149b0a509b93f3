// What the two totals are made of, as two bars of the same scale; and how sure each figure is, as ranges.
import { Chart, Figure, isWide } from "../charts/chart.tsx";
import { mass, massUnit, massWithUnit, number, type MassUnit } from "../format.ts";
import { color } from "../theme.ts";
import { BASES, type Answer, type Basis } from "./answer.ts";
import { known, linesOf } from "./lines.ts";

const NAMES: Record<Basis, string> = { location_based: "Location-based", market_based: "Market-based" };

const axis = (unit: MassUnit) => ({
  type: "value" as const,
  splitNumber: isWide() ? 6 : 3,
  axisLabel: { color: color("--ink-soft"), hideOverlap: true, formatter: (value: number) => number(value, 3) },
  splitLine: { lineStyle: { color: color("--line") } },
  name: `${unit.name} CO₂e`,
  nameLocation: "end" as const,
  nameGap: 6,
  nameTextStyle: { color: color("--ink-soft"), align: "right" as const, verticalAlign: "top" as const, padding: [22, 0, 0, 0] },
});
const names = (of: string[], width: number) => ({
  type: "category" as const,
  data: of,
  inverse: true,
  axisTick: { show: false },
  axisLine: { show: false },
  axisLabel: { color: color("--ink"), fontSize: 12, width, overflow: "break" as const, lineHeight: 15 },
});

export function Parts({ answer }: { answer: Answer }) {
  const lines = known(linesOf(answer));
  const unit = massUnit(answer.totals.location_based?.kg_co2e, answer.totals.market_based?.kg_co2e);
  const option = () => ({
    grid: { left: 108, right: 12, top: 4, bottom: 40 },
    xAxis: axis(unit),
    yAxis: names(BASES.map((basis) => NAMES[basis]), 104),
    series: lines.map((line) => ({
      type: "bar",
      name: line.name,
      stack: "total",
      barWidth: 30,
      itemStyle: { color: color(line.color), borderColor: color("--paper"), borderWidth: 1 },
      emphasis: { disabled: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${line.name}\n${massWithUnit(line.figures[BASES[dataIndex]!]?.kg_co2e, unit)} CO₂e` },
      data: BASES.map((basis) => (line.figures[basis]?.kg_co2e ?? 0) * unit.perKg),
    })),
  });
  const label = BASES.map(
    (basis) => `${NAMES[basis]}: ${lines.map((line) => `${line.name} ${massWithUnit(line.figures[basis]?.kg_co2e, unit)}`).join(", ")}`,
  ).join(". ");
  return (
    <div class="made-of">
      <ul class="legend">
        {lines.map((line) => (
          <li>
            <span class={`swatch ${line.color.slice(2)}`} aria-hidden="true" />
            {line.name}
          </li>
        ))}
      </ul>
      <Chart label={`What the two totals are made of. ${label}.`} height={132} option={option} inputs={[answer]} />
    </div>
  );
}

interface Range {
  name: string;
  basis: Basis;
  low: number;
  central: number;
  high: number;
  grade: string;
}

function rangesOf(answer: Answer): Range[][] {
  const lines = known(linesOf(answer)).map(({ name, figures }) => ({ name, figures }));
  return [{ name: "Total", figures: answer.totals }, ...lines].map(({ name, figures }) =>
    BASES.flatMap((basis) => {
      const figure = figures[basis];
      if (!figure) return [];
      return [{ name, basis, low: figure.low_kg_co2e, central: figure.kg_co2e, high: figure.high_kg_co2e, grade: figure.grade }];
    }),
  );
}

interface Drawing {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
}

const THICK = 10;
const GAP = 3;

export function Ranges({ answer }: { answer: Answer }) {
  const rows = rangesOf(answer);
  const flat = rows.flat();
  const unit = massUnit(answer.totals.location_based?.kg_co2e, answer.totals.market_based?.kg_co2e);
  const option = () => {
    const series = (basis: Basis, side: -1 | 1) => ({
      type: "custom",
      name: NAMES[basis],
      data: rows.flatMap((row, index) => {
        const range = row.find((one) => one.basis === basis);
        return range ? [[range.low * unit.perKg, range.central * unit.perKg, range.high * unit.perKg, index]] : [];
      }),
      encode: { x: [0, 1, 2], y: 3 },
      tooltip: {
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const range = flat.filter((one) => one.basis === basis)[dataIndex]!;
          return `${range.name}, ${NAMES[basis].toLowerCase()}\n${mass(range.low, unit)} – ${mass(range.high, unit)} ${unit.name} CO₂e\ncentral ${mass(range.central, unit)}, grade ${range.grade}`;
        },
      },
      renderItem: (_: unknown, api: Drawing) => {
        const [low, y] = api.coord([api.value(0), api.value(3)]);
        const [central] = api.coord([api.value(1), api.value(3)]);
        const [high] = api.coord([api.value(2), api.value(3)]);
        const top = y + (side < 0 ? -THICK - GAP / 2 : GAP / 2);
        return {
          type: "group",
          children: [
            { type: "rect", shape: { x: low, y: top, width: Math.max(2, high - low), height: THICK, r: 5 }, style: { fill: color(basis === "location_based" ? "--location" : "--market"), opacity: 0.32 } },
            { type: "rect", shape: { x: central - 1.5, y: top - 1, width: 3, height: THICK + 2 }, style: { fill: color(basis === "location_based" ? "--location" : "--market") } },
          ],
        };
      },
    });
    return {
      grid: { left: 124, right: 16, top: 4, bottom: 40 },
      xAxis: axis(unit),
      yAxis: names(rows.map((row) => row[0]?.name ?? ""), 114),
      series: [series("location_based", -1), series("market_based", 1)],
    };
  };
  const table = (
    <table>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Method</th>
          <th scope="col">Least</th>
          <th scope="col">Central</th>
          <th scope="col">Most</th>
          <th scope="col">Grade</th>
        </tr>
      </thead>
      <tbody>
        {flat.map((range) => (
          <tr>
            <th scope="row">{range.name}</th>
            <td>{NAMES[range.basis]}</td>
            <td class="amount">{massWithUnit(range.low, unit)}</td>
            <td class="amount">{massWithUnit(range.central, unit)}</td>
            <td class="amount">{massWithUnit(range.high, unit)}</td>
            <td>{range.grade}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Figure title="Least, central and most of every figure" table={table}>
      <ul class="legend">
        {BASES.map((basis) => (
          <li>
            <span class={`swatch ${basis}`} aria-hidden="true" />
            {NAMES[basis]}
          </li>
        ))}
      </ul>
      <Chart label="Ranges of the totals and of every figure; the table below has the numbers." height={56 + rows.length * 44} option={option} inputs={[answer]} />
    </Figure>
  );
}
