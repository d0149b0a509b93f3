// A file to the service: read from the disk as it is sent, never as a whole. `fetch` cannot tell how much has been sent,
// so this asks in the older way; the answer is kept by the browser as a file, too.
import { accessKey, askForKey } from "../access_key.ts";
import { Problem, problemFrom } from "../api.ts";

export interface Progress {
  step: "sending" | "computing" | "receiving";
  /** Bytes of this step, and how many there are; null where that is not known. */
  done: number;
  of: number | null;
}

export interface Sending {
  path: string;
  file: Blob;
  type: string;
  accept: string;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

const UNAUTHORIZED = 401;

/** Send a file, asking for a key where one is wanted. Throws a Problem, or an AbortError. */
export async function send(sending: Sending): Promise<Blob> {
  for (;;) {
    const { status, answer, retry } = await once(sending);
    if (status >= 200 && status < 300) return answer;
    const problem = problemFrom(status, await answer.text(), retry);
    if (status !== UNAUTHORIZED) throw problem;
    await askForKey(problem.message, sending.signal);
  }
}

function once({ path, file, type, accept, signal, onProgress }: Sending): Promise<{ status: number; answer: Blob; retry: string | null }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => request.abort();
    const leave = (error: Error) => {
      signal.removeEventListener("abort", cancel);
      reject(error);
    };
    const aborted = () => leave(new DOMException("no longer wanted", "AbortError"));
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", cancel, { once: true });
    request.open("POST", path);
    request.responseType = "blob";
    request.setRequestHeader("Accept", accept);
    request.setRequestHeader("Content-Type", type);
    const key = accessKey();
    if (key) request.setRequestHeader("Authorization", `Bearer ${key}`);
    request.upload.onprogress = (event) => onProgress({ step: "sending", done: event.loaded, of: event.lengthComputable ? event.total : file.size });
    request.upload.onload = () => onProgress({ step: "computing", done: 0, of: null });
    request.onprogress = (event) => onProgress({ step: "receiving", done: event.loaded, of: event.lengthComputable ? event.total : null });
    request.onabort = aborted;
    request.onerror = () => leave(new Problem(0, "UNREACHED", "The connection broke off.", "Check that the service runs, and that the file is not larger than it takes (1 GB, unless it was set otherwise)."));
    request.onload = () => {
      signal.removeEventListener("abort", cancel);
      resolve({ status: request.status, answer: request.response as Blob, retry: request.getResponseHeader("Retry-After") });
    };
    onProgress({ step: "sending", done: 0, of: file.size });
    request.send(file);
  });
}
