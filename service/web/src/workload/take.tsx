// Ways to take the result along: a link that holds the request, a command, the answer itself, a report to print or file.
import { useState } from "preact/hooks";
import { ask, Problem } from "../api.ts";
import { packed } from "../packed.ts";
import { download } from "../parts/download.ts";
import { toClipboard } from "../parts/clipboard.ts";
import { fragment } from "../route.ts";
import type { Request } from "./request.ts";

const PATH = "/emissions?explain=true";

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
  const save = async () => {
    try {
      const report = await (await ask(PATH, { body: request, accept: "text/html" })).blob();
      download(report, "dualscope-report.html");
      setTold("Report saved.");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setTold(`The report could not be made: ${error.message}`);
    }
  };
  const answer = (accept: string) => async () => (await ask(PATH, { body: request, accept })).text();
  return (
    <div class="take" role="group" aria-label="Take it along">
      <button type="button" class="button" onClick={copy("Link", async () => `${location.origin}${location.pathname}${fragment("workload", await packed(request))}`)}>
        Copy link
      </button>
      <button type="button" class="button" onClick={copy("Command", () => curl(request))}>
        Copy curl
      </button>
      <button type="button" class="button" onClick={copy("JSON", async () => JSON.stringify(JSON.parse(await answer("application/json")()), null, 2))}>
        Copy JSON
      </button>
      <button type="button" class="button" onClick={copy("Markdown", answer("text/markdown"))}>
        Copy Markdown
      </button>
      <button type="button" class="button" onClick={save}>
        Save report
      </button>
      <button type="button" class="button" onClick={async () => void (location.hash = fragment("pool", await packed({ pool: { workload: request } })))}>
        Divide among consumers
      </button>
      <span class="told" role="status">
        {told}
      </span>
    </div>
  );
}

/** The same request for a shell: single quotes keep everything but single quotes. */
export function curl(request: Request): string {
  const body = JSON.stringify(request).replaceAll("'", `'\\''`);
  return `curl -s '${location.origin}${PATH}' -H 'Content-Type: application/json' -d '${body}'`;
}
