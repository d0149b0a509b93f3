// Warnings in plain words: what was assumed or left out, and what to send instead.
import { useContext } from "preact/hooks";
import type { Warning } from "./answer.ts";
import { useCodes } from "./codes.ts";
import { Form } from "./form_state.ts";
import { sentence } from "./words.ts";

export function Notes({ warnings }: { warnings: Warning[] }) {
  const codes = useCodes();
  if (warnings.length === 0) return null;
  const sorted = [...warnings].sort((one, other) => Number(one.severity === "info") - Number(other.severity === "info"));
  const heavy = sorted.filter((warning) => warning.severity === "warning");
  const light = sorted.filter((warning) => warning.severity !== "warning");
  return (
    <section class="card" aria-labelledby="notes-title">
      <h2 id="notes-title">What to know about it</h2>
      <p class="quiet">What was assumed or left out. Send the real figure and the note goes away.</p>
      {heavy.length > 0 && <List warnings={heavy} codes={codes} />}
      {light.length > 0 && (
        <details class="numbers">
          <summary>
            {light.length} {light.length === 1 ? "remark" : "remarks"} that change no number
          </summary>
          <List warnings={light} codes={codes} />
        </details>
      )}
    </section>
  );
}

function List({ warnings, codes }: { warnings: Warning[]; codes: Record<string, string> }) {
  const { lead } = useContext(Form);
  return (
    <ul class="notes">
      {warnings.map((warning) => (
        <li>
          <p>
            <b>{codes[warning.code] ?? warning.code}</b>
          </p>
          <p class="quiet">
            {sentence(warning.detail)}{" "}
            {warning.pointer && (
              <button type="button" class="link" onClick={() => lead(warning.pointer)}>
                Change it<span class="unseen"> ({warning.code})</span>
              </button>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
