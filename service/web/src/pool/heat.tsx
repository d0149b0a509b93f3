// Consumers × methods: how much falls on each, and how the choice of method moves it.
import { useState } from "preact/hooks";
import { mass, massUnit, massWithUnit, type MassUnit } from "../format.ts";
import { Choice } from "../parts/choice.tsx";
import { METHODS, type Answer, type Method } from "./answer.ts";
import { WORDS } from "./words.ts";

export const MOST = 100; // consumers that are shown

export interface Row {
  name: string;
  kg: (number | undefined)[];
  spread: number | null;
}

/** The methods that could be computed, and what each gives to every consumer. */
export function rowsOf(answer: Answer): { methods: Method[]; rows: Row[]; idle: Row | null } {
  const { by_method: by, unallocated_kg_co2e: idle, spread_kg_co2e: spread } = answer.comparison!;
  const methods = METHODS.filter((method) => by[method]);
  const rows = answer.allocations.slice(0, MOST).map(({ id }) => ({
    name: id,
    kg: methods.map((method) => by[method]![id]),
    spread: spread[id] ?? null,
  }));
  const hasIdle = Object.keys(idle).length > 0;
  return { methods, rows, idle: hasIdle ? { name: "Idle, charged to nobody", kg: methods.map((method) => idle[method]), spread: null } : null };
}

export const unitOf = (rows: Row[]) => massUnit(...rows.flatMap((row) => row.kg));

export function least(row: Row): number {
  return Math.min(...row.kg.filter((kg) => kg !== undefined));
}
export function most(row: Row): number {
  return Math.max(...row.kg.filter((kg) => kg !== undefined));
}

type Shading = "row" | "all";

export function Heat({ answer, choose }: { answer: Answer; choose: (method: Method) => void }) {
  const [shading, setShading] = useState<Shading>("row");
  const { methods, rows, idle } = rowsOf(answer);
  const unit = unitOf(rows);
  const all = idle ? [...rows, idle] : rows;
  const top = Math.max(...rows.map(most));
  const heatOf = (row: Row, kg: number) => {
    if (shading === "all") return top ? kg / top : 0;
    const [low, high] = [least(row), most(row)];
    return high > low ? (kg - low) / (high - low) : 0;
  };
  return (
    <section class="card" aria-labelledby="heat-title">
      <h2 id="heat-title">What each method would give to whom</h2>
      <p class="quiet">The same pool, divided in every way that the table allows. {unit.spoken.charAt(0).toUpperCase() + unit.spoken.slice(1)} of CO₂e.</p>
      <Choice
        label="Shade the cells"
        value={shading}
        onValue={(value) => setShading(value as Shading)}
        options={[
          ["row", "Where each fares best and worst"],
          ["all", "Who has most"],
        ]}
      />
      <div class="scroll heat-scroll" role="region" aria-labelledby="heat-title" tabIndex={0}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">Consumer</th>
              {methods.map((method) => (
                <th scope="col" aria-current={method === answer.method ? "true" : undefined}>
                  {WORDS[method].name}
                  {method === answer.method ? <small>in use</small> : (
                    <button type="button" class="link" onClick={() => choose(method)}>
                      Use<span class="unseen"> {WORDS[method].name}</span>
                    </button>
                  )}
                </th>
              ))}
              <th scope="col">
                Spread<small>most − least</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map((row) => (
              <tr>
                <th scope="row">{row.name}</th>
                {row.kg.map((kg, place) => (
                  <Cell kg={kg} unit={unit} heat={row === idle || kg === undefined ? 0 : heatOf(row, kg)} inUse={methods[place] === answer.method} mark={row === idle ? "" : markOf(row, kg)} />
                ))}
                <td class="spread">{row.spread === null ? "" : mass(row.spread, unit)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">The pool</th>
              {methods.map(() => (
                <td>{mass(answer.pool.kg_co2e, unit)}</td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="heat-key" aria-hidden="true">
        {shading === "row" ? "least for this consumer" : "little"} <span class="heat-bar" /> {shading === "row" ? "most for this consumer" : "much"}
      </p>
      {answer.allocations.length > MOST && <p class="hint">The first {MOST} of {answer.allocations.length} consumers; the CSV has all.</p>}
      <Words rows={rows} unit={unit} methods={methods} />
    </section>
  );
}

function markOf(row: Row, kg: number | undefined): "least" | "most" | "" {
  if (kg === undefined || least(row) === most(row)) return "";
  return kg === least(row) ? "least" : kg === most(row) ? "most" : "";
}

function Cell({ kg, unit, heat, inUse, mark }: { kg: number | undefined; unit: MassUnit; heat: number; inUse: boolean; mark: string }) {
  return (
    <td class={inUse ? "in-use" : ""} style={{ "--heat": String(Math.round(heat * 100) / 100) }}>
      {mass(kg, unit)}
      {mark && <small>{mark}</small>}
    </td>
  );
}

const FEW = 6;

function Words({ rows, unit, methods }: { rows: Row[]; unit: MassUnit; methods: Method[] }) {
  if (methods.length < 2) return null;
  const sorted = [...rows].sort((one, other) => (other.spread ?? 0) - (one.spread ?? 0));
  const line = (row: Row) => (
    <li>
      <b>{row.name}</b>{" "}
      {least(row) === most(row) ? (
        <>would get {massWithUnit(most(row), unit)} by every method.</>
      ) : (
        <>
          would get between {mass(least(row), unit)} ({nameOf(row, least(row), methods)}) and {massWithUnit(most(row), unit)} ({nameOf(row, most(row), methods)}), depending on the method.
        </>
      )}
    </li>
  );
  return (
    <>
      <h3 class="words-title">In words, the widest first</h3>
      <ul class="words">{sorted.slice(0, FEW).map(line)}</ul>
      {sorted.length > FEW && (
        <details class="numbers">
          <summary>{sorted.length - FEW} more</summary>
          <ul class="words">{sorted.slice(FEW).map(line)}</ul>
        </details>
      )}
    </>
  );
}

const nameOf = (row: Row, kg: number, methods: Method[]) => WORDS[methods[row.kg.indexOf(kg)]!].name.toLowerCase();
