// What the service answered, from the sentence to the last source.
import type { Asked } from "./asking.ts";
import { Parts, Ranges } from "./bars.tsx";
import type { Region } from "./catalog.ts";
import { Elsewhere } from "./elsewhere.tsx";
import { Headline } from "./headline.tsx";
import { Ledger } from "./ledger.tsx";
import { Methods } from "./methods.tsx";
import { Notes } from "./notes.tsx";
import { PerUnit } from "./per_unit.tsx";
import { ProblemNote } from "./problem_note.tsx";
import type { Request } from "./request.ts";
import { Sources } from "./sources.tsx";
import { Take } from "./take.tsx";
import { GRADES, TERMS } from "./words.ts";

export function Results({ asked, regions }: { asked: Asked; request: Request | null; regions: Region[] }) {
  const { answer, answered, problem, loading } = asked;
  return (
    <section class="results" id="results" tabIndex={-1} aria-label="The result" aria-busy={loading}>
      {problem && <ProblemNote problem={problem} again={asked.again} older={answer !== null} />}
      {answer && answered ? (
        <div class={`parts ${loading || problem ? "stale" : ""}`}>
          <div class="headline">
            <Headline answer={answer} />
            <Parts answer={answer} />
            <Meanings />
            <Take request={answered} />
          </div>
          <Ledger answer={answer} />
          <Elsewhere answer={answer} request={answered} regions={regions} />
          <section class="card" aria-labelledby="ranges-title">
            <h2 id="ranges-title">How sure it is</h2>
            <p class="quiet">The mark is the figure, the bar what it can be. Grades: {Object.entries(GRADES).map(([grade, { short }]) => `${grade} ${short}`).join(", ")}.</p>
            <Ranges answer={answer} />
          </section>
          <Methods answer={answer} />
          <PerUnit intensities={answer.intensities} />
          <Notes warnings={answer.warnings} />
          <Sources sources={answer.sources ?? []} />
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

function Meanings() {
  return (
    <details class="numbers">
      <summary>Why are there two totals, and what do the words mean?</summary>
      <dl class="terms">
        {TERMS.map(({ term, meaning }) => (
          <div>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The shape of what comes, so that nothing jumps. */
function Waiting() {
  return (
    <div class="headline waiting" role="status">
      <span class="unseen">Computing …</span>
      <div class="bone sentence-bone" />
      <div class="totals">
        <div class="bone total-bone" />
        <div class="bone total-bone" />
      </div>
    </div>
  );
}
