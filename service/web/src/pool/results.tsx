// What the division gives: the parts, how they would differ, and what to know about it.
import { mass, massUnit, massWithUnit, number, share } from "../format.ts";
import { useCodes } from "../workload/codes.ts";
import { Notes } from "../workload/notes.tsx";
import { ProblemNote } from "../workload/problem_note.tsx";
import { sentence } from "../workload/words.ts";
import type { Answer, Method } from "./answer.ts";
import type { Asked } from "./asking.ts";
import { Heat, MOST } from "./heat.tsx";
import { Stacked } from "./stacked.tsx";
import { Take } from "./take.tsx";
import { componentName, WORDS } from "./words.ts";

export function Results({ asked, choose }: { asked: Asked; choose: (method: Method) => void }) {
  const { answer, answered, problem, loading } = asked;
  return (
    <section class="results" id="results" tabIndex={-1} aria-label="The result" aria-busy={loading}>
      {problem && <ProblemNote problem={problem} again={asked.again} older={answer !== null} />}
      {answer && answered ? (
        <div class={`parts ${loading || problem ? "stale" : ""}`}>
          <div class="headline">
            <Sentence answer={answer} />
            <Parts answer={answer} />
            <Take request={answered} />
          </div>
          {answer.comparison && <Heat answer={answer} choose={choose} />}
          {answer.comparison && <Stacked answer={answer} />}
          <Lacking answer={answer} choose={choose} />
          <Notes warnings={answer.warnings} />
          <p class="quiet method-line">
            Method {answer.methodology.id} {answer.methodology.version}, factor set {answer.methodology.factor_set.version}. Fingerprint{" "}
            <span class="mono">{answer.methodology.fingerprint}</span>
          </p>
        </div>
      ) : (
        !problem && <Waiting />
      )}
    </section>
  );
}

function Sentence({ answer }: { answer: Answer }) {
  const { pool, allocations, unallocated, method } = answer;
  const unit = massUnit(pool.kg_co2e);
  const largest = allocations.reduce((one, other) => (other.kg_co2e > one.kg_co2e ? other : one));
  const basis = pool.basis === "market_based" ? ", counted market-based," : pool.basis === "location_based" ? ", counted location-based," : "";
  return (
    <div>
      <p class="sentence">
        <b>{massWithUnit(pool.kg_co2e, unit)} CO₂e</b>
        {basis} {allocations.length === 1 ? "falls on one consumer" : `divided among ${number(allocations.length)} consumers`} {WORDS[method].by}:{" "}
        <b>{largest.id}</b> gets most, {massWithUnit(largest.kg_co2e, unit)} ({share(largest.share)}).
        {unallocated && (
          <>
            {" "}
            <b>{massWithUnit(unallocated.kg_co2e, unit)}</b> ({share(unallocated.share)}) stood idle and {unallocated.kg_co2e > 0 ? "falls" : "so nothing falls"} on nobody.
          </>
        )}
      </p>
      <p class="never">
        {pool.low_kg_co2e !== null && pool.high_kg_co2e !== null && (
          <>
            The pool itself can be {mass(pool.low_kg_co2e, unit)} to {massWithUnit(pool.high_kg_co2e, unit)}
            {pool.grade && `, grade ${pool.grade}`}.{" "}
          </>
        )}
        {pool.missing.length > 0 && <>Not in it, because not known: {pool.missing.map((name) => name.replace(/^scope\d\./, "").replaceAll("_", " ")).join(", ")}. </>}
        {pool.unallocated_kg_co2e !== null && pool.unallocated_kg_co2e > 0 && <>No part of it: {massWithUnit(pool.unallocated_kg_co2e)} of hardware that was reserved and not used.</>}
      </p>
    </div>
  );
}

const EXACT = new Intl.NumberFormat("en", { maximumFractionDigits: 9 });
const LONGEST = 1e9; // kilograms whose decimals a browser's number still holds
const exact = (kg: number) => (kg < LONGEST ? EXACT.format(kg) : number(kg));

function Parts({ answer }: { answer: Answer }) {
  const { pool, allocations, unallocated } = answer;
  const unit = massUnit(pool.kg_co2e);
  const names = Object.keys(pool.components);
  return (
    <div>
      <div class="scroll" role="region" aria-label="The parts" tabIndex={0}>
        <table class="plain parts-table">
          <thead>
            <tr>
              <th scope="col">Consumer</th>
              <th scope="col">Share</th>
              <th scope="col" class="amount">
                {unit.name} CO₂e
              </th>
              {names.map((name) => (
                <th scope="col" class="amount component">
                  {componentName(name, pool.origin)}
                </th>
              ))}
              <th scope="col" class="amount">
                Exactly, kg
              </th>
            </tr>
          </thead>
          <tbody>
            {allocations.slice(0, MOST).map((line) => (
              <tr>
                <th scope="row">{line.id}</th>
                <td class="share-cell">
                  <span class="share-bar" style={{ "--share": String(line.share) }} aria-hidden="true" /> {share(line.share)}
                </td>
                <td class="amount strong">{mass(line.kg_co2e, unit)}</td>
                {names.map((name) => (
                  <td class="amount component">{mass(line.components[name], unit)}</td>
                ))}
                <td class="amount exact">{exact(line.kg_co2e)}</td>
              </tr>
            ))}
            {unallocated && (
              <tr>
                <th scope="row">Idle, charged to nobody</th>
                <td class="share-cell">
                  <span class="share-bar idle" style={{ "--share": String(unallocated.share) }} aria-hidden="true" /> {share(unallocated.share)}
                </td>
                <td class="amount strong">{mass(unallocated.kg_co2e, unit)}</td>
                {names.map((name) => (
                  <td class="amount component">{mass(unallocated.components[name], unit)}</td>
                ))}
                <td class="amount exact">{exact(unallocated.kg_co2e)}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">The pool</th>
              <td />
              <td class="amount strong">{mass(pool.kg_co2e, unit)}</td>
              {names.map((name) => (
                <td class="amount component">{mass(pool.components[name], unit)}</td>
              ))}
              <td class="amount exact">{exact(pool.kg_co2e)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="hint">
        The exact parts sum to the pool to the last decimal, in total{names.length > 0 && " and in every column"}; the others are rounded for reading.
        {allocations.length > MOST && ` The first ${MOST} of ${allocations.length} are shown; the CSV has all.`}
      </p>
    </div>
  );
}

function Lacking({ answer, choose }: { answer: Answer; choose: (method: Method) => void }) {
  const codes = useCodes();
  const lacking = answer.comparison?.not_computable ?? [];
  if (lacking.length === 0) return null;
  return (
    <section class="card" aria-labelledby="lacking-title">
      <h2 id="lacking-title">Methods that the table does not allow yet</h2>
      <ul class="notes">
        {lacking.map(({ method, code, detail }) => (
          <li>
            <p>
              <b>{WORDS[method].name}:</b> {codes[code] ?? code}
            </p>
            <p class="quiet">
              {sentence(detail)}{" "}
              <button type="button" class="link" onClick={() => choose(method)}>
                Choose it<span class="unseen">: {WORDS[method].name}</span>
              </button>{" "}
              to see which cells it needs.
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The shape of what comes, so that nothing jumps. */
function Waiting() {
  return (
    <div class="headline waiting" role="status">
      <span class="unseen">Computing …</span>
      <div class="bone sentence-bone" />
      <div class="bone total-bone" />
    </div>
  );
}
