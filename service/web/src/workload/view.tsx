// The first view: a workload on one side, what it emitted on the other.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { packed, unpacked } from "../packed.ts";
import { fragment, isUnknown, routeOf } from "../route.ts";
import { useAnswer, type Asked } from "./asking.ts";
import { useRegions } from "./catalog.ts";
import { EXAMPLES } from "./examples.ts";
import { Faults, goTo, JSON_FIELD } from "./faults.ts";
import { WorkloadForm } from "./form.tsx";
import { Form } from "./form_state.ts";
import { massUnit, massWithUnit } from "../format.ts";
import { JsonEditor } from "./json_editor.tsx";
import type { Request } from "./request.ts";
import { Results } from "./results.tsx";

const FIRST = EXAMPLES[0]!.request;
let kept: Request | null = null; // while another tab is open

export function WorkloadView() {
  const [request, setRequest] = useState<Request | null>(() => (routeOf(location.hash).content === null ? (kept ?? FIRST) : null));
  const [unread, setUnread] = useState<string | null>(null);
  const [asJson, setAsJson] = useState(false);
  const written = useRef(location.hash);
  const regions = useRegions();
  const asked = useAnswer(request);

  useEffect(() => {
    const read = async () => {
      if (location.hash === written.current && kept) return setRequest(kept);
      const { view, content } = routeOf(location.hash);
      if (view !== "workload") return;
      setUnread(isUnknown(location.hash) ? "This link names nothing that is here." : null);
      if (content === null) return setRequest((before) => before ?? kept ?? FIRST);
      try {
        kept = (await unpacked(content)) as Request;
        setRequest(kept);
      } catch (error) {
        setUnread((error as Error).message);
        setRequest((before) => before ?? kept ?? FIRST);
      }
    };
    void read();
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);

  const change = (next: Request) => {
    kept = next;
    setUnread(null);
    setRequest(next);
  };

  useEffect(() => {
    if (!kept || request !== kept) return;
    let left = false;
    void packed(request).then((content) => {
      if (left) return;
      written.current = fragment("workload", content);
      history.replaceState(history.state, "", written.current);
    });
    return () => {
      left = true;
    };
  }, [request]);

  const lead = (pointer: string) => {
    if (goTo(pointer)) return;
    setAsJson(true);
    setTimeout(() => document.getElementById(JSON_FIELD)?.focus()); // once it is there
  };
  const state = useMemo(() => ({ request: request ?? {}, change, lead }), [request]);
  const faults = asked.problem?.faults ?? [];
  return (
    <div class="workload">
      <div class="intro">
        <h1>What did this workload emit?</h1>
        <p class="lede">Say where it ran, on what and for how long. Every figure comes with its range, its arithmetic and its sources.</p>
      </div>
      <Form.Provider value={state}>
        <Faults.Provider value={faults}>
          <section class="ask" aria-label="The workload">
            <div class="ask-top">
              <Examples request={request} change={change} />
              <button type="button" class="link" onClick={() => setAsJson(!asJson)}>
                {asJson ? "Edit as a form" : "Edit as JSON"}
              </button>
            </div>
            {unread && (
              <p class="fault" role="alert">
                {unread}
              </p>
            )}
            {asJson ? <JsonEditor /> : <WorkloadForm regions={regions} />}
            <Glance asked={asked} />
          </section>
          <Results asked={asked} request={request} regions={regions} />
        </Faults.Provider>
      </Form.Provider>
    </div>
  );
}

/** On a phone the result is far below the form: both totals stay in sight, and lead to it. */
function Glance({ asked: { answer, problem } }: { asked: Asked }) {
  const byGrid = answer?.totals.location_based;
  const byMarket = answer?.totals.market_based;
  if (!byGrid || !byMarket) return null;
  const unit = massUnit(byGrid.kg_co2e, byMarket.kg_co2e);
  const show = () => {
    const results = document.getElementById("results");
    results?.focus({ preventScroll: true });
    results?.scrollIntoView();
  };
  return (
    <button type="button" class="glance" onClick={show}>
      {problem ? (
        "See what is wrong"
      ) : (
        <>
          <span class="unseen">Result: location-based </span>
          <b class="by-location">{massWithUnit(byGrid.kg_co2e, unit)}</b> <span aria-hidden="true">or</span>
          <span class="unseen">, market-based </span> <b class="by-market">{massWithUnit(byMarket.kg_co2e, unit)}</b> CO₂e
        </>
      )}
      <span aria-hidden="true"> ↓</span>
    </button>
  );
}

function Examples({ request, change }: { request: Request | null; change: (request: Request) => void }) {
  const text = JSON.stringify(request);
  return (
    <div class="examples" role="group" aria-label="Examples">
      {EXAMPLES.map((example) => (
        <button type="button" title={example.about} aria-pressed={JSON.stringify(example.request) === text} onClick={() => change(example.request)}>
          {example.name}
        </button>
      ))}
    </div>
  );
}
