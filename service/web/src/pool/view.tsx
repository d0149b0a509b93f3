// The second view: a shared pool, those who share it, and what falls on each by every method.
import { useEffect, useMemo, useState } from "preact/hooks";
import { packed, unpacked } from "../packed.ts";
import { fragment, routeOf } from "../route.ts";
import { Faults, goTo } from "../workload/faults.ts";
import { Form } from "../workload/form_state.ts";
import type { Request } from "../workload/request.ts";
import { useDivision } from "./asking.ts";
import { Consumers } from "./consumers.tsx";
import { EXAMPLES } from "./examples.ts";
import { MethodFields, PoolFields } from "./pool_fields.tsx";
import { Results } from "./results.tsx";

const FIRST = EXAMPLES[0]!.request;
let kept: Request | null = null; // while another tab is open
let written = ""; // the fragment that holds it; another one is a link

/** The request of a link; one that brings only a pool keeps the consumers that are here. */
function requestOf(link: Request): Request {
  if (Array.isArray(link["consumers"]) && link["consumers"].length) return link;
  return { ...(kept ?? FIRST), ...link, consumers: (kept ?? FIRST)["consumers"]! };
}

export function PoolView() {
  const [request, setRequest] = useState<Request | null>(() => (routeOf(location.hash).content === null ? (kept ?? FIRST) : null));
  const [unread, setUnread] = useState<string | null>(null);
  const [told, setTold] = useState("");
  const asked = useDivision(request);

  useEffect(() => {
    const read = async () => {
      if (location.hash === written && kept) return setRequest(kept);
      const { view, content } = routeOf(location.hash);
      if (view !== "pool") return;
      setUnread(null);
      if (content === null) return setRequest((before) => before ?? kept ?? FIRST);
      try {
        const link = (await unpacked(content)) as Request;
        setTold(link["consumers"] ? "" : "The pool is the workload from before; the consumers are those that stood here.");
        kept = requestOf(link);
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
      written = fragment("pool", content);
      history.replaceState(history.state, "", written);
    });
    return () => {
      left = true;
    };
  }, [request]);

  const state = useMemo(() => ({ request: request ?? {}, change, lead: (pointer: string) => void goTo(pointer) }), [request]);
  const text = JSON.stringify(request);
  return (
    <div class="pool">
      <div class="intro">
        <h1>Who caused which part of a shared pool?</h1>
        <p class="lede">Divide the emissions of a cluster, an account or a building among those who share it, and see how much the choice of method decides.</p>
      </div>
      <Form.Provider value={state}>
        <Faults.Provider value={asked.problem?.faults ?? []}>
          <section class="card pool-ask" aria-label="The pool and its consumers">
            <div class="ask-top">
              <div class="examples" role="group" aria-label="Examples">
                {EXAMPLES.map((example) => (
                  <button type="button" title={example.about} aria-pressed={JSON.stringify(example.request) === text} onClick={() => change(example.request)}>
                    {example.name}
                  </button>
                ))}
              </div>
            </div>
            {unread && (
              <p class="fault" role="alert">
                {unread}
              </p>
            )}
            {told && (
              <p class="hint" role="status">
                {told}
              </p>
            )}
            {request && (
              <>
                <PoolFields />
                <Consumers />
                <MethodFields />
              </>
            )}
          </section>
          <Results asked={asked} choose={(method) => change({ ...(request ?? {}), method })} />
        </Faults.Provider>
      </Form.Provider>
    </div>
  );
}
