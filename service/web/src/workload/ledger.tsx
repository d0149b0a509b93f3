// Every figure of the result, and on click how it was made: formula, arithmetic, sources.
import { useState } from "preact/hooks";
import { mass, massUnit, massWithUnit, number, type MassUnit } from "../format.ts";
import { BASES, type Answer, type Basis, type Figure, type FuelAndEnergy, type Warning } from "./answer.ts";
import { useCodes } from "./codes.ts";
import { linesOf, type Line } from "./lines.ts";
import { SourceLine } from "./sources.tsx";
import { CATEGORIES, GRADES, sentence } from "./words.ts";

const HEADS: Record<Basis, string> = { location_based: "Location-based", market_based: "Market-based" };

export function Ledger({ answer }: { answer: Answer }) {
  const [open, setOpen] = useState<string | null>(null);
  const unit = massUnit(answer.totals.location_based?.kg_co2e, answer.totals.market_based?.kg_co2e);
  const turn = (key: string) => setOpen((now) => (now === key ? null : key));
  const { facility_kwh: kwh, derivation } = answer.energy;
  return (
    <section class="card" aria-labelledby="ledger-title">
      <h2 id="ledger-title">What it is made of</h2>
      <p class="quiet">Choose a number to see how it was made. In {unit.spoken} of CO₂e.</p>
      <table class="ledger">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Figure</span>
            </th>
            {BASES.map((basis) => (
              <th scope="col" class={`amount ${basis}`}>
                {HEADS[basis]}
              </th>
            ))}
          </tr>
        </thead>
        {linesOf(answer).map((line) => (
          <tbody>
            <tr>
              <th scope="row">
                {line.name} <small>{line.term}</small>
              </th>
              {line.figures.location_based || line.figures.market_based ? (
                BASES.map((basis) => <Cell name={`${line.name}, ${HEADS[basis].toLowerCase()}`} figure={line.figures[basis]} unit={unit} open={open === line.key} onClick={() => turn(line.key)} panel={`made-${line.key}`} />)
              ) : (
                <td colSpan={2} class="missing">
                  <span class="amount">not counted</span>
                </td>
              )}
            </tr>
            {!line.figures.location_based && !line.figures.market_based && <Why line={line} warnings={answer.warnings} />}
            {open === line.key && (
              <tr class="made" id={`made-${line.key}`}>
                <td colSpan={3}>
                  <Made line={line} answer={answer} />
                </td>
              </tr>
            )}
          </tbody>
        ))}
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            {BASES.map((basis) => (
              <Cell name={`Total, ${HEADS[basis].toLowerCase()}`} figure={answer.totals[basis]} unit={unit} open={open === "total"} onClick={() => turn("total")} panel="made-total" />
            ))}
          </tr>
          {open === "total" && (
            <tr class="made" id="made-total">
              <td colSpan={3}>
                {BASES.map((basis) => {
                  const total = answer.totals[basis];
                  return (
                    total && (
                      <div class="step">
                        <h3>{HEADS[basis]}</h3>
                        <p class="arithmetic">{total.derivation}</p>
                        <p class="quiet">
                          Grade {total.grade}: {GRADES[total.grade].long} The worst figure in it has grade {total.worst_grade}.
                          {total.missing.length > 0 && ` Not in it: ${total.missing.map(missingName).join(", ")}.`}
                        </p>
                      </div>
                    )
                  );
                })}
                <p class="quiet">The two totals are alternatives. They are never added together.</p>
              </td>
            </tr>
          )}
        </tfoot>
      </table>
      {kwh !== null && (
        <p class="quiet energy-line">
          All electricity figures start from {number(kwh)} kWh at the facility{derivation ? ": " : "."}
          {derivation && <span class="arithmetic">{derivation}</span>}
        </p>
      )}
    </section>
  );
}

function missingName(path: string): string {
  return path.replace("scope2.", "Scope 2, ").replace("scope3.", "Scope 3, ").replaceAll("_", " ");
}

interface CellProps {
  name: string;
  figure: { kg_co2e: number; low_kg_co2e: number; high_kg_co2e: number; grade: string } | null;
  unit: MassUnit;
  open: boolean;
  onClick: () => void;
  panel: string;
}

function Cell({ name, figure, unit, open, onClick, panel }: CellProps) {
  if (!figure) return <td class="amount">–</td>;
  return (
    <td class="amount">
      <button type="button" class="number" aria-expanded={open} aria-controls={open ? panel : undefined} onClick={onClick}>
        <span class="unseen">{name}: </span>
        <span class="kg">{mass(figure.kg_co2e, unit)}</span>
        <small>
          {mass(figure.low_kg_co2e, unit, 3)} – {mass(figure.high_kg_co2e, unit, 3)} · {figure.grade}
        </small>
      </button>
    </td>
  );
}

/** Why a figure is missing, and what to send to have it: the service's own words. */
function Why({ line, warnings }: { line: Line; warnings: Warning[] }) {
  const found = warnings.filter((warning) => line.whyNot.includes(warning.code));
  const inSpend = line.key !== "scope3.spend_based" && warnings.some((warning) => warning.code === "SPEND_BASED_ESTIMATE");
  const text = found.map((warning) => warning.detail).join("; ") || (inSpend ? "It is inside the estimate from cost" : "");
  return text ? (
    <tr class="why">
      <td colSpan={3}>
        <p class="quiet">{sentence(text)}</p>
      </td>
    </tr>
  ) : null;
}

function Made({ line, answer }: { line: Line; answer: Answer }) {
  const { location_based: byGrid, market_based: byMarket } = line.figures;
  const one = byGrid === byMarket;
  return (
    <>
      <p>{line.about}</p>
      {one && byGrid ? <Step figure={byGrid} answer={answer} /> : BASES.map((basis) => line.figures[basis] && <Step title={HEADS[basis]} figure={line.figures[basis]!} answer={answer} />)}
    </>
  );
}

function Step({ title, figure, answer }: { title?: string; figure: Figure; answer: Answer }) {
  const parts = figure as Partial<FuelAndEnergy>;
  const inner = [
    { name: "Fuels", part: parts.upstream },
    { name: "Power lines", part: parts.td_losses },
  ];
  const codes = useCodes();
  const applied = figure === answer.scope2.market_based ? answer.scope2.market_based.instruments : [];
  const sources = (answer.sources ?? []).filter((source) => figure.sources.includes(source.id));
  return (
    <div class="step">
      {title && <h3>{title}</h3>}
      <p class="formula">= {figure.formula.replaceAll("_", " ")}</p>
      {inner.map(({ name, part }) => part && <p class="arithmetic">{`${name}: ${part.derivation ?? massWithUnit(part.kg_co2e)}`}</p>)}
      <p class="arithmetic">{figure.derivation}</p>
      <p class="quiet">
        Grade {figure.grade}: {GRADES[figure.grade].long} Booked under {CATEGORIES[figure.inventory_category] ?? figure.inventory_category}.
      </p>
      {applied.length > 0 && (
        <ul class="sources-short">
          {applied.map((one) => (
            <li>
              <b>{one.id}</b>: {one.accepted ? `${number(one.applied_kwh)} kWh counted` : `not counted: ${codes[one.reason ?? ""] ?? one.reason ?? "no reason given"}`}
              {one.unverified.length > 0 && `; not attested: ${one.unverified.join(", ").replaceAll("_", " ")}`}
            </li>
          ))}
        </ul>
      )}
      {sources.length > 0 && (
        <ul class="sources-short">
          {sources.map((source) => (
            <li>
              <SourceLine source={source} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
