// Ways to take the division along.
import { useState } from "preact/hooks";
import { ask, Problem } from "../api.ts";
import { packed } from "../packed.ts";
import { toClipboard } from "../parts/clipboard.ts";
import { download } from "../parts/download.ts";
import { fragment } from "../route.ts";
import type { Request } from "../workload/request.ts";
import { bodyOf, PATH } from "./asking.ts";

export function Take({ request }: { request: Request }) {
  const [told, setTold] = useState("");
  const copy = (what: string, text: () => string | Promise<string>) => async () => {
    try {
      await toClipboard(await text());
      setTold(`${what} copied.`);
    } catch (error) {
      setTold(error instanceof Problem ? `${what} could not be made: ${error.message}` : "The browser does not let this page copy.");
    }
  };
  const answer = (accept: string) => ask(PATH, { body: bodyOf(request), accept });
  const save = (what: string, accept: string, name: string) => async () => {
    try {
      download(await (await answer(accept)).blob(), name);
      setTold(`${what} saved.`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setTold(`${what} could not be made: ${error.message}`);
    }
  };
  return (
    <div class="take" role="group" aria-label="Take it along">
      <button type="button" class="button" onClick={copy("Link", async () => `${location.origin}${location.pathname}${fragment("pool", await packed(request))}`)}>
        Copy link
      </button>
      <button type="button" class="button" onClick={copy("Command", () => curl(request))}>
        Copy curl
      </button>
      <button type="button" class="button" onClick={copy("JSON", async () => JSON.stringify(await (await answer("application/json")).json(), null, 2))}>
        Copy JSON
      </button>
      <button type="button" class="button" onClick={copy("CSV", async () => (await answer("text/csv")).text())}>
        Copy CSV
      </button>
      <button type="button" class="button" onClick={save("CSV", "text/csv", "dualscope-allocations.csv")}>
        Save CSV
      </button>
      <button type="button" class="button" onClick={save("Report", "text/html", "dualscope-allocations.html")}>
        Save report
      </button>
      <span class="told" role="status">
        {told}
      </span>
    </div>
  );
}

/** The same request for a shell: single quotes keep everything but single quotes. */
function curl(request: Request): string {
  const body = JSON.stringify(bodyOf(request)).replaceAll("'", `'\\''`);
  return `curl -s '${location.origin}${PATH}' -H 'Content-Type: application/json' -d '${body}'`;
}
