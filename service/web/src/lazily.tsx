// A view whose code is loaded when it is first opened.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazily(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null;
  return function Lazily() {
    const [View, setView] = useState<ComponentType | null>(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      let left = false;
      load().then(
        (view) => {
          loaded = view;
          if (!left) setView(() => view);
        },
        () => !left && setFailed(true),
      );
      return () => {
        left = true;
      };
    }, []);
    if (failed) return <p role="alert">This part of the page could not be loaded. Reload it to try again.</p>;
    return View ? <View /> : <p class="quiet" role="status">Loading …</p>;
  };
}
