// The request as JSON, to read, change or paste; what the form has no field for is kept.
import { useContext, useEffect, useState } from "preact/hooks";
import { Form } from "./form_state.ts";
import { JSON_FIELD } from "./faults.ts";
import type { Request } from "./request.ts";

export function JsonEditor() {
  const { request, change } = useContext(Form);
  const [text, setText] = useState(() => JSON.stringify(request, null, 2));
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    setText((before) => {
      try {
        return JSON.stringify(JSON.parse(before)) === JSON.stringify(request) ? before : JSON.stringify(request, null, 2);
      } catch {
        return before; // somebody is still writing
      }
    });
  }, [request]);
  const input = (written: string) => {
    setText(written);
    try {
      const value: unknown = JSON.parse(written);
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("a workload is an object: { … }");
      setFault(null);
      change(value as Request);
    } catch (error) {
      setFault(`This is no JSON yet: ${(error as Error).message}`);
    }
  };
  return (
    <div class={`field ${fault ? "wrong" : ""}`}>
      <label for={JSON_FIELD}>The workload as POST /emissions takes it</label>
      <textarea
        id={JSON_FIELD}
        class="code"
        rows={Math.min(40, Math.max(14, text.split("\n").length + 1))}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={fault !== null}
        aria-describedby={fault ? "request-json-fault" : undefined}
        value={text}
        onInput={(event) => input(event.currentTarget.value)}
      />
      {fault && (
        <p class="fault" id="request-json-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
