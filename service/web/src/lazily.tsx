// A part of the page whose code is loaded when it is first shown.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazily<P extends object = object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  let loaded: ComponentType<P> | null = null;
  return function Lazily(props: P) {
    const [View, setView] = useState<ComponentType<P> | null>(() => loaded);
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
    return View ? (
      <View {...props} />
    ) : (
      <p class="quiet" role="status">
        Loading …
      </p>
    );
  };
}
