// The key of a service that asks for one: kept for this browser tab alone, sent to this service alone.
const NAME = "dualscope.key";

export interface KeyPrompt {
  /** What the service said. */
  detail: string;
  give: (key: string) => void;
}

let inMemory: string | null = null;
let prompt: KeyPrompt | null = null;
let asked: Promise<void> | null = null;
const listeners = new Set<() => void>();

export function accessKey(): string | null {
  try {
    return sessionStorage.getItem(NAME) ?? inMemory;
  } catch {
    return inMemory; // storage is switched off
  }
}

function keep(key: string) {
  inMemory = key;
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // in memory then
  }
}

/** Wait until a key was entered; all requests that miss one wait for the same. */
export function askForKey(detail: string, signal?: AbortSignal): Promise<void> {
  asked ??= new Promise<void>((resolve) => {
    const give = (key: string) => {
      keep(key);
      prompt = asked = null;
      tell();
      resolve();
    };
    prompt = { detail, give };
    tell();
  });
  const waiting = asked;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new DOMException("no longer wanted", "AbortError"));
    if (signal?.aborted) return leave();
    signal?.addEventListener("abort", leave, { once: true });
    void waiting.then(resolve);
  });
}

/** The prompt to show, if a key is wanted. */
export function keyPrompt(): KeyPrompt | null {
  return prompt;
}

export function onKeyPrompt(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tell() {
  for (const listener of listeners) listener();
}
