// Asking the service: the one place that knows HTTP. Every number of the page comes through here.
import { accessKey, askForKey } from "./access_key.ts";

/** One fault of a request: where, which code, and what would be right. */
export interface Fault {
  pointer?: string;
  parameter?: string;
  code: string;
  detail: string;
}

/** An answer that is no result: a problem of RFC 9457, or a service that does not answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly faults: Fault[] = [],
    readonly retryAfter: string | null = null,
  ) {
    super(detail);
  }
}

export interface Asking {
  method?: string;
  /** An object is sent as JSON; a file or text as it is, with `type`. */
  body?: unknown;
  type?: string;
  accept?: string;
  signal?: AbortSignal;
}

const UNAUTHORIZED = 401;

/** Send a request; where the service wants a key, ask for it and send again.
 *  Throws a Problem, or what the signal gives when it is aborted. */
export async function ask(path: string, asking: Asking = {}): Promise<Response> {
  for (;;) {
    const response = await send(path, asking);
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (response.status !== UNAUTHORIZED) throw problem;
    await askForKey(problem.message, asking.signal);
  }
}

/** As `ask`, and read the JSON of the answer. */
export async function askJson<T>(path: string, asking: Asking = {}): Promise<T> {
  return (await (await ask(path, asking)).json()) as T;
}

async function send(path: string, { method, body, type, accept, signal }: Asking): Promise<Response> {
  const headers = new Headers({ Accept: accept ?? "application/json" });
  const key = accessKey();
  if (key) headers.set("Authorization", `Bearer ${key}`);
  const raw = body instanceof Blob || typeof body === "string";
  if (body !== undefined) headers.set("Content-Type", type ?? "application/json");
  try {
    return await fetch(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers,
      body: body === undefined ? null : raw ? (body as BodyInit) : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "UNREACHED", "The service does not answer.", "Check that it runs, then try again.");
  }
}

async function problemOf(response: Response): Promise<Problem> {
  return problemFrom(response.status, await response.text(), response.headers.get("Retry-After"));
}

/** The problem that an answer holds which is none of the wanted ones. */
export function problemFrom(status: number, text: string, retry: string | null): Problem {
  try {
    const { code, title, detail, errors } = JSON.parse(text);
    return new Problem(status, code ?? "", title ?? "", detail ?? "", errors ?? [], retry);
  } catch {
    return new Problem(status, "", "The service could not answer.", `It said ${status}.`, [], retry);
  }
}

/** Whether an error only says that an answer is no longer wanted. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
