// Functional units: what the workload produced, so that figures come back for each.
import { useContext, useState } from "preact/hooks";
import { NumberField } from "../parts/fields.tsx";
import { Form, useValue } from "./form_state.ts";
import { at, put } from "./request.ts";

const escaped = (name: string) => name.replace(/~/g, "~0").replace(/\//g, "~1");

export function Units() {
  const { request, change } = useContext(Form);
  const [name, setName] = useState("");
  const sent = at(request, "/functional_units");
  const names = sent && typeof sent === "object" && !Array.isArray(sent) ? Object.keys(sent) : [];
  const add = () => {
    if (!name.trim()) return;
    change(put(request, `/functional_units/${escaped(name.trim())}`, 1));
    setName("");
  };
  return (
    <div>
      {names.map((unit) => (
        <Unit name={unit} />
      ))}
      <div class="field">
        <label for="new-unit">A unit of what it made</label>
        <div class="input with-button">
          <input
            id="new-unit"
            type="text"
            placeholder="1M tokens, inference, image …"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && add()}
          />
          <button type="button" class="quiet-button" onClick={add}>
            Add
          </button>
        </div>
      </div>
    </div>
  );
}

function Unit({ name }: { name: string }) {
  const value = useValue(`/functional_units/${escaped(name)}`);
  return (
    <div class="input with-button">
      <NumberField {...value} onValue={(count) => value.onValue(count ?? "")} label={`How many: ${name}`} />
      <button type="button" class="quiet-button" onClick={() => value.onValue(undefined)}>
        Remove<span class="unseen"> {name}</span>
      </button>
    </div>
  );
}
