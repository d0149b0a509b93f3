// What the service answered, from the sentence to the last source.
import type { Asked } from "./asking.ts";
import type { Region } from "./catalog.ts";
import { Headline } from "./headline.tsx";
import { ProblemNote } from "./problem_note.tsx";
import type { Request } from "./request.ts";

export function Results({ asked }: { asked: Asked; request: Request | null; regions: Region[] }) {
  const { answer, problem, loading } = asked;
  return (
    <section class="results" aria-label="The result" aria-busy={loading}>
      {problem && <ProblemNote problem={problem} again={asked.again} />}
      {answer && (
        <div class={loading || problem ? "stale" : ""}>
          <Headline answer={answer} />
        </div>
      )}
      {!answer && !problem && <p class="quiet">Computing …</p>}
    </section>
  );
}
