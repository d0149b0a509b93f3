// The division of the pool as it stands: asked for shortly after the last change, older questions are dropped.
import { useEffect, useRef, useState } from "preact/hooks";
import { askJson, isAborted, Problem } from "../api.ts";
import { PAUSE_MS } from "../workload/asking.ts";
import type { Request } from "../workload/request.ts";
import type { Answer } from "./answer.ts";

export const PATH = "/allocations";

export interface Asked {
  answer: Answer | null;
  /** What the answer is to. */
  answered: Request | null;
  problem: Problem | null;
  loading: boolean;
  again: () => void;
}

export const bodyOf = (request: Request): Request => ({ ...request, compare: true });

export function useDivision(request: Request | null): Asked {
  const [state, setState] = useState<Omit<Asked, "again">>({ answer: null, answered: null, problem: null, loading: true });
  const [round, setRound] = useState(0);
  const first = useRef(true);
  useEffect(() => {
    if (request === null) return;
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    const ask = async () => {
      try {
        const answer = await askJson<Answer>(PATH, { body: bodyOf(request), signal: abort.signal });
        setState({ answer, answered: request, problem: null, loading: false });
      } catch (error) {
        if (isAborted(error) || abort.signal.aborted) return;
        if (!(error instanceof Problem)) throw error;
        setState((before) => ({ ...before, problem: error, loading: false }));
      }
    };
    const wait = setTimeout(ask, first.current ? 0 : PAUSE_MS);
    first.current = false;
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [request, round]);
  return { ...state, again: () => setRound((count) => count + 1) };
}
