// The first view: a workload on one side, what it emitted on the other.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { packed, unpacked } from "../packed.ts";
import { fragment, isUnknown, routeOf } from "../route.ts";
import { useAnswer } from "./asking.ts";
import { useRegions } from "./catalog.ts";
import { EXAMPLES } from "./examples.ts";
import { Faults } from "./faults.ts";
import { WorkloadForm } from "./form.tsx";
import { Form } from "./form_state.ts";
import { JsonEditor } from "./json_editor.tsx";
import type { Request } from "./request.ts";
import { Results } from "./results.tsx";

const FIRST = EXAMPLES[0]!.request;
let kept: Request | null = null; // while another tab is open

export function WorkloadView() {
  const [request, setRequest] = useState<Request | null>(null);
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
        setRequest((await unpacked(content)) as Request);
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

  const state = useMemo(() => ({ request: request ?? {}, change }), [request]);
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
            <Examples request={request} change={change} />
            {unread && (
              <p class="fault" role="alert">
                {unread}
              </p>
            )}
            {asJson ? <JsonEditor /> : <WorkloadForm regions={regions} />}
            <button type="button" class="quiet-button" aria-pressed={asJson} onClick={() => setAsJson(!asJson)}>
              {asJson ? "Edit as a form" : "Edit as JSON"}
            </button>
          </section>
          <Results asked={asked} request={request} regions={regions} />
        </Faults.Provider>
      </Form.Provider>
    </div>
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
