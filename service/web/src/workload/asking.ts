// The answer to the request as it stands: asked for shortly after the last change, older questions are dropped.
import { useEffect, useRef, useState } from "preact/hooks";
import { askJson, isAborted, Problem } from "../api.ts";
import type { Answer } from "./answer.ts";
import type { Request } from "./request.ts";

export const PAUSE_MS = 250;

export interface Asked {
  /** The newest answer; it stays, while the next is on its way. */
  answer: Answer | null;
  /** What the newest answer is to. */
  answered: Request | null;
  problem: Problem | null;
  /** Whether the request has changed since. */
  loading: boolean;
  again: () => void;
}

export function useAnswer(request: Request | null): Asked {
  const [state, setState] = useState<Omit<Asked, "again">>({ answer: null, answered: null, problem: null, loading: true });
  const [round, setRound] = useState(0);
  const first = useRef(true);
  useEffect(() => {
    if (request === null) return;
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    const wait = setTimeout(
      async () => {
        try {
          const body = { ...request, compare_allocations: true };
          const answer = await askJson<Answer>("/emissions?explain=true", { body, signal: abort.signal });
          setState({ answer, answered: request, problem: null, loading: false });
        } catch (error) {
          if (isAborted(error) || abort.signal.aborted) return;
          if (!(error instanceof Problem)) throw error;
          setState((before) => ({ ...before, problem: error, loading: false }));
        }
      },
      first.current ? 0 : PAUSE_MS,
    );
    first.current = false;
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [request, round]);
  return { ...state, again: () => setRound((count) => count + 1) };
}
