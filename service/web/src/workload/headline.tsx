// The two totals: one sentence, and the two figures side by side.
import { mass, massUnit, massWithUnit, number, share, type MassUnit } from "../format.ts";
import type { Answer, Basis, Total } from "./answer.ts";
import { regionName } from "./catalog.ts";
import { GRADES } from "./words.ts";

export function Headline({ answer }: { answer: Answer }) {
  const { location_based: byGrid, market_based: byMarket } = answer.totals;
  const unit = massUnit(byGrid?.kg_co2e, byMarket?.kg_co2e);
  const spend = answer.scope3.spend_based ? "from cost alone, the same under both" : undefined;
  const same = byGrid && byMarket && byGrid.kg_co2e === byMarket.kg_co2e;
  return (
    <>
      <p class="sentence" role="status">
        {sentence(answer, same ?? false)}
      </p>
      <div class="totals">
        <TotalCard basis="location_based" total={byGrid} unit={unit} by={spend} />
        <TotalCard basis="market_based" total={byMarket} unit={unit} by={spend} covered={answer.scope2.market_based?.coverage_share} />
      </div>
      {!same && <p class="never">Two ways to count the same job: report both, never add them.</p>}
    </>
  );
}

function sentence({ region, totals, energy, scope3 }: Answer, same: boolean) {
  const { location_based: byGrid, market_based: byMarket } = totals;
  if (!byGrid || !byMarket) return "Not enough is known for a total yet.";
  const unit = massUnit(byGrid.kg_co2e, byMarket.kg_co2e);
  if (scope3.spend_based) {
    return (
      <>
        From its cost alone, this workload emitted about <b>{massWithUnit(byGrid.kg_co2e, unit)} CO₂e</b>. It is a rough estimate: send energy or hardware for a
        better one.
      </>
    );
  }
  const place = region ? ` in ${regionName(region)}` : "";
  const used = energy.facility_kwh === null ? `This workload${place}` : `With ${number(energy.facility_kwh)} kWh at the facility${place}, this workload`;
  if (same) {
    return (
      <>
        {used} emitted <b>{massWithUnit(byGrid.kg_co2e, unit)} CO₂e</b>, whether counted by the grid it ran on or by the electricity that was bought for it.
      </>
    );
  }
  return (
    <>
      {used} emitted <b class="by-location">{massWithUnit(byGrid.kg_co2e, unit)}</b> CO₂e by the grid it ran on, or{" "}
      <b class="by-market">{massWithUnit(byMarket.kg_co2e, unit)}</b> by the electricity that was bought for it.
    </>
  );
}

const ABOUT: Record<Basis, { name: string; by: string }> = {
  location_based: { name: "Location-based", by: "by what the local grid emits" },
  market_based: { name: "Market-based", by: "by the electricity that was bought" },
};

interface TotalCardProps {
  basis: Basis;
  total: Total | null;
  unit: MassUnit;
  /** By what it is counted, where that is not what the method says. */
  by?: string | undefined;
  /** Part of the electricity that certificates and contracts cover. */
  covered?: number | undefined;
}

function TotalCard({ basis, total, unit, by, covered }: TotalCardProps) {
  const about = ABOUT[basis];
  return (
    <div class={`total ${basis}`} data-basis={basis}>
      <h2>
        {about.name} <small>{by ?? about.by}</small>
      </h2>
      <p class="figure-large">
        <span class="value">{mass(total?.kg_co2e, unit)}</span> <span class="unit-large">{unit.name} CO₂e</span>
      </p>
      {total && (
        <p class="quiet">
          between {mass(total.low_kg_co2e, unit)} and {mass(total.high_kg_co2e, unit)} {unit.name} · grade {total.grade}, {GRADES[total.grade].short} ·{" "}
          {share(total.primary_data_share)} from measured data
          {covered ? ` · ${share(covered)} of the electricity covered by what was bought` : ""}
        </p>
      )}
    </div>
  );
}
