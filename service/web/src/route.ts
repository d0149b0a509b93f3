// Which view is open, and what it was opened with: both stand in the fragment, which is never sent to a server.
//   #workload=z.…   #pool   #upload
import { useEffect, useState } from "preact/hooks";

export const VIEWS = ["workload", "pool", "upload"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  view: View;
  /** What stands behind `=`; null where nothing does. */
  content: string | null;
}

export function routeOf(hash: string): Route {
  const [name, ...rest] = hash.replace(/^#/, "").split("=");
  const view = VIEWS.find((known) => known === name);
  return { view: view ?? "workload", content: view && rest.length ? rest.join("=") : null };
}

/** Whether a fragment is there that names no view. */
export function isUnknown(hash: string): boolean {
  const name = hash.replace(/^#/, "").split("=")[0];
  return !!name && !VIEWS.some((known) => known === name);
}

export function fragment(view: View, content: string | null = null): string {
  return content === null ? `#${view}` : `#${view}=${content}`;
}

/** The route now; it follows links, and the browser's back and forward. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}
