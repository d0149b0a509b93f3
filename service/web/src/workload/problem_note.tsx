// What is wrong with the request, each fault with the way to its field.
import type { Fault, Problem } from "../api.ts";
import { useContext } from "preact/hooks";
import { Form } from "./form_state.ts";

export function ProblemNote({ problem, again, older }: { problem: Problem; again: () => void; older: boolean }) {
  const mine = problem.status >= 400 && problem.status < 500 && problem.status !== 429;
  return (
    <div class="problem" role="alert">
      <h2>{mine ? "This cannot be computed yet" : problem.title || "The service could not answer"}</h2>
      {problem.faults.length > 0 ? (
        <ul>
          {problem.faults.map((fault) => (
            <li>
              <FaultLine fault={fault} />
            </li>
          ))}
        </ul>
      ) : (
        <p>{problem.message}</p>
      )}
      {problem.retryAfter && <p>It asks to wait {problem.retryAfter} seconds.</p>}
      {older && <p class="quiet">The figures below are those from before.</p>}
      {!mine && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

function FaultLine({ fault }: { fault: Fault }) {
  const { lead } = useContext(Form);
  const pointer = fault.pointer ?? "";
  return (
    <>
      {fault.detail}
      {pointer && (
        <>
          {" "}
          <button type="button" class="link" onClick={() => lead(pointer)}>
            Go to {placeName(pointer)}
          </button>
        </>
      )}
    </>
  );
}

/** A pointer in words, counting from one as people do: `/consumers/3/cost` is `consumers 4, cost`. */
function placeName(pointer: string): string {
  const counted = pointer.slice(1).replace(/\/(\d+)(?=\/|$)/g, (_, index: string) => ` ${Number(index) + 1}`);
  return counted.replaceAll("/", ", ").replaceAll("_", " ");
}
