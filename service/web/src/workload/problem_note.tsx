// What is wrong with the request, each fault with the way to its field.
import type { Fault, Problem } from "../api.ts";
import { goTo, placeOf } from "./faults.ts";

export function ProblemNote({ problem, again }: { problem: Problem; again: () => void }) {
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
      {!mine && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

function FaultLine({ fault }: { fault: Fault }) {
  const pointer = fault.pointer ?? "";
  return (
    <>
      {fault.detail}
      {pointer && placeOf(pointer) !== null && (
        <>
          {" "}
          <button type="button" class="link" onClick={() => goTo(pointer)}>
            Go to {pointer.slice(1).replaceAll("/", " › ").replaceAll("_", " ")}
          </button>
        </>
      )}
    </>
  );
}
