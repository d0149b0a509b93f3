// What stands around the views: name, tabs, dark or light, the key where one is wanted.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { keyPrompt, onKeyPrompt } from "./access_key.ts";
import { lazily } from "./lazily.tsx";
import { fragment, useRoute, VIEWS, type View } from "./route.ts";
import { turn, useScheme } from "./theme.ts";
import { WorkloadView } from "./workload/view.tsx";

const NAMES: Record<View, string> = { workload: "Workload", pool: "Shared pool", upload: "Upload" };
const COMPONENTS: Record<View, ComponentType> = {
  workload: WorkloadView,
  pool: lazily(async () => (await import("./pool/view.tsx")).PoolView),
  upload: lazily(async () => (await import("./upload/view.tsx")).UploadView),
};

export function Shell() {
  const { view } = useRoute();
  const Component = COMPONENTS[view];
  useEffect(() => {
    document.title = `${NAMES[view]} · Dualscope`;
  }, [view]);
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">
          <span class="mark" aria-hidden="true" />
          Dualscope
        </span>
        <nav aria-label="Views">
          {VIEWS.map((name) => (
            <a href={fragment(name)} aria-current={name === view ? "page" : undefined}>
              {NAMES[name]}
            </a>
          ))}
        </nav>
        <span class="bar-end">
          <a class="bar-link" href="/docs">
            API
          </a>
          <SchemeToggle />
        </span>
      </header>
      <KeyField />
      <main id="main" tabIndex={-1}>
        <Component key={view} />
      </main>
    </>
  );
}

function toMain(event: MouseEvent) {
  event.preventDefault(); // the fragment is the request's
  document.getElementById("main")?.focus();
}

function SchemeToggle() {
  const scheme = useScheme();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <button type="button" class="icon" onClick={turn} aria-label={`Use ${other} colors`} title={`Use ${other} colors`}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}

function KeyField() {
  const [prompt, setPrompt] = useState(keyPrompt);
  const [key, setKey] = useState("");
  useEffect(() => onKeyPrompt(() => setPrompt(keyPrompt())), []);
  if (!prompt) return null;
  const give = (event: Event) => {
    event.preventDefault();
    if (key.trim()) prompt.give(key.trim());
    setKey("");
  };
  return (
    <form class="key" onSubmit={give}>
      <p role="alert">This service asks for an access key. {prompt.detail}</p>
      <label for="access-key">Access key</label>
      <input id="access-key" type="password" autocomplete="off" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
      <button type="submit">Use it</button>
      <small>It is kept until this tab is closed, and sent to this service alone.</small>
    </form>
  );
}
