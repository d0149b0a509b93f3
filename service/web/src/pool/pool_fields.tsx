// What is divided, and by what: the fields beside the table of consumers.
import { useContext, useEffect, useState } from "preact/hooks";
import { Choice } from "../parts/choice.tsx";
import { NumberField, SelectField } from "../parts/fields.tsx";
import { useField } from "../workload/faults.ts";
import { Form, useValue } from "../workload/form_state.ts";
import { at, put, type Json, type Request } from "../workload/request.ts";
import { METHODS, type Method } from "./answer.ts";
import { COLUMNS, consumersOf, hasValue } from "./columns.ts";
import { EXAMPLES } from "./examples.ts";
import { WORDS } from "./words.ts";

type Origin = "kg_co2e" | "components" | "workload" | "emissions";
const ORIGINS: [Origin, string][] = [
  ["kg_co2e", "One total"],
  ["components", "Parts"],
  ["workload", "A workload"],
];
const START: Record<Origin, Json> = {
  kg_co2e: 1000,
  components: { scope1: 12.5, scope2: 840, scope3: 1310.2 },
  workload: at(EXAMPLES[0]!.request, "/pool/workload")!,
  emissions: {},
};

export function PoolFields() {
  const { request, change } = useContext(Form);
  const pool = (request["pool"] ?? {}) as Request;
  const origin = (["emissions", "workload", "components", "kg_co2e"] as const).find((name) => name in pool) ?? "kg_co2e";
  const [held] = useState<Partial<Record<Origin, Json>>>({});
  held[origin] = pool[origin] ?? held[origin] ?? START[origin];
  const choose = (name: string) => {
    const next: Request = { ...request, pool: { [name]: held[name as Origin] ?? START[name as Origin] } };
    if (name !== "workload") delete next["basis"];
    change(next);
  };
  return (
    <section class="pool-of" aria-labelledby="pool-title">
      <h2 id="pool-title">What is divided</h2>
      <Choice label="The pool is" value={origin} onValue={choose} options={origin === "emissions" ? [...ORIGINS, ["emissions", "An answer"]] : ORIGINS} />
      {origin === "kg_co2e" && <Total />}
      {origin === "components" && <Components />}
      {(origin === "workload" || origin === "emissions") && (
        <>
          <WorkloadText origin={origin} />
          <Basis />
        </>
      )}
    </section>
  );
}

function Total() {
  return <NumberField {...useValue("/pool/kg_co2e")} label="The total" unit="kg CO₂e" hint="As reported, or as computed elsewhere." />;
}

function Basis() {
  const { value, ...field } = useValue("/basis");
  return (
    <SelectField
      {...field}
      value={value ?? "location_based"}
      label="Electricity is counted"
      options={[
        ["location_based", "by the local grid (location-based)"],
        ["market_based", "by what was bought (market-based)"],
      ]}
    />
  );
}

function Components() {
  const { request, change } = useContext(Form);
  const parts = Object.entries((at(request, "/pool/components") ?? {}) as Request);
  const set = (next: [string, Json][]) => change({ ...request, pool: { ...(request["pool"] as Request), components: Object.fromEntries(next) } });
  return (
    <>
      {parts.map(([name, value]) => (
        <div class="pool-part">
          <NumberField pointer={`/pool/components/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`} label={name} unit="kg CO₂e" value={value} onValue={(next) => set(parts.map(([other, kg]) => [other, other === name ? (next ?? null) : kg]))} />
          <button type="button" class="icon" aria-label={`Remove ${name}`} title={`Remove ${name}`} disabled={parts.length === 1} onClick={() => set(parts.filter(([other]) => other !== name))}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
      ))}
      <AnotherPart add={(name) => set([...parts.filter(([other]) => other !== name), [name, null]])} />
    </>
  );
}

/** Its figure is empty until it is written: nothing is taken for 0. */
function AnotherPart({ add }: { add: (name: string) => void }) {
  const [name, setName] = useState("");
  const submit = () => {
    if (name.trim() === "") return;
    add(name.trim());
    setName("");
  };
  return (
    <div class="pool-part">
      <div class="field">
        <label for="another-part">Another part</label>
        <input id="another-part" type="text" autocomplete="off" placeholder="cooling" maxLength={64} value={name} onInput={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && submit()} />
      </div>
      <button type="button" class="quiet-button" disabled={name.trim() === ""} onClick={submit}>
        Add it
      </button>
    </div>
  );
}

/** The workload in a line, and as JSON to change. */
function WorkloadText({ origin }: { origin: "workload" | "emissions" }) {
  const { request, change } = useContext(Form);
  const workload = at(request, `/pool/${origin}`);
  const { id, faults } = useField(`/pool/${origin}`);
  const [text, setText] = useState(() => JSON.stringify(workload, null, 2));
  const [unread, setUnread] = useState<string | null>(null);
  useEffect(() => {
    setText((before) => {
      try {
        return JSON.stringify(JSON.parse(before)) === JSON.stringify(workload) ? before : JSON.stringify(workload, null, 2);
      } catch {
        return before; // somebody is still writing
      }
    });
  }, [workload]);
  const input = (next: string) => {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("a workload is an object: { … }");
      setUnread(null);
      change(put(request, `/pool/${origin}`, value as Json));
    } catch (error) {
      setUnread(`This is no JSON yet: ${(error as Error).message}`);
    }
  };
  const wrong = unread !== null || faults.length > 0;
  return (
    <div>
      <p class="hint">{aboutOf(workload)} It is estimated first; what it emitted is the pool. “Divide among consumers” in the workload view brings another one here.</p>
      <details class="numbers" open={wrong || undefined}>
        <summary>{origin === "workload" ? "Change the workload (JSON)" : "Change the answer (JSON)"}</summary>
        <div class={`field ${wrong ? "wrong" : ""}`}>
          <label class="unseen" for={id}>
            {origin === "workload" ? "The workload as POST /emissions takes it" : "An answer of POST /emissions"}
          </label>
          <textarea id={id} class="code" rows={10} spellcheck={false} aria-invalid={wrong} aria-describedby={wrong ? `${id}-fault` : undefined} value={text} onInput={(event) => input(event.currentTarget.value)} />
          {wrong && (
            <p class="fault" id={`${id}-fault`}>
              {unread ?? faults.map((fault) => fault.detail).join("; ")}
            </p>
          )}
        </div>
      </details>
    </div>
  );
}

function aboutOf(workload: Json | undefined): string {
  const read = (pointer: string) => {
    const value = at(workload ?? {}, pointer);
    return typeof value === "string" || typeof value === "number" ? String(value) : null;
  };
  const parts = [read("/id"), read("/region") ?? read("/region/id"), read("/hardware/accelerator") ?? read("/hardware/instance"), read("/energy/kwh") && `${read("/energy/kwh")} kWh`];
  const known = parts.filter((part) => part !== null);
  return known.length ? `${known.join(", ")}.` : "";
}

export function MethodFields() {
  const { request, change } = useContext(Form);
  const { id, faults } = useField("/method");
  const method = request["method"] as Method;
  const consumers = consumersOf(request);
  const metered = COLUMNS.filter((one) => one.path.startsWith("/usage/") && hasValue(consumers, one));
  return (
    <section class="pool-by" aria-labelledby="method-title">
      <h2 id="method-title">How it is divided</h2>
      <div class="methods-choice" role="radiogroup" aria-labelledby="method-title" id={id}>
        {METHODS.map((name) => (
          <label class={name === method ? "chosen" : ""}>
            <input type="radio" name="pool-method" value={name} checked={name === method} onChange={() => change({ ...request, method: name })} />
            <span>
              <b>{WORDS[name].name}</b> <small>{WORDS[name].about}</small>
              <small class="good">{WORDS[name].good}</small>
            </span>
          </label>
        ))}
      </div>
      {faults.length > 0 && <p class="fault">{faults.map((fault) => fault.detail).join("; ")}</p>}
      <div class="pool-by-more">
      {method === "two_part" && <StaticShare />}
      {metered.length > 1 && (
        <details class="more" open={method === "physical" || undefined}>
          <summary>What each resource counts</summary>
          <div class="row">
            {metered.map((one) => (
              <Weight name={one.path.slice("/usage/".length)} label={one.name} />
            ))}
          </div>
          <p class="hint">For the physical method; together they are 1.</p>
        </details>
      )}
      <Idle method={method} />
      </div>
    </section>
  );
}

function StaticShare() {
  return <NumberField {...useValue("/static_share")} label="Part that follows hours held" hint="0 to 1; the rest follows hours used." />;
}

function Weight({ name, label }: { name: string; label: string }) {
  return <NumberField {...useValue(`/weights/${name}`)} label={label} />;
}

function Idle({ method }: { method: Method }) {
  const { request, change } = useContext(Form);
  const { pointer, value } = useValue("/idle_policy");
  const apart = value === "unallocated";
  const choose = (next: Json | undefined) => {
    const after = put(request, "/idle_policy", next);
    change(next === "unallocated" ? after : put(after, "/capacity", undefined));
  };
  return (
    <>
      <SelectField
        pointer={pointer}
        value={value}
        onValue={choose}
        label="Capacity that nobody used"
        options={[
          [undefined, "is charged to all, in proportion"],
          ["unallocated", "is shown as a line of its own"],
        ]}
      />
      {apart && (
        <div class="row">
          {(method === "physical" ? ["gpu_hours", "vcpu_hours", "ram_gb_hours", "energy_kwh"] : method === "economic" ? ["amount"] : ["device_hours"]).map((name) => (
            <CapacityField name={name} />
          ))}
        </div>
      )}
    </>
  );
}

const CAPACITIES: Record<string, string> = {
  device_hours: "All device-hours there were",
  gpu_hours: "All GPU-hours",
  vcpu_hours: "All vCPU-hours",
  ram_gb_hours: "All memory (GB hours)",
  energy_kwh: "All energy (kWh)",
  amount: "All that it cost",
};

function CapacityField({ name }: { name: string }) {
  return <NumberField {...useValue(`/capacity/${name}`)} label={CAPACITIES[name] ?? name} />;
}

