// Which field a fault belongs to: the one its pointer names, else the nearest that the form has.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Fault } from "../api.ts";

const shown = new Map<string, number>();

/** The field of the whole request as JSON. */
export const JSON_FIELD = "request-json";

export const Faults = createContext<Fault[]>([]);

/** Fields tell that they are there, so that every fault finds one. */
export function useField(pointer: string): { id: string; faults: Fault[] } {
  const all = useContext(Faults);
  const [, look] = useState(0);
  useEffect(() => {
    shown.set(pointer, (shown.get(pointer) ?? 0) + 1);
    if (all.length) look((count) => count + 1); // faults that were there before the fields
    return () => {
      const left = shown.get(pointer)! - 1;
      if (left) shown.set(pointer, left);
      else shown.delete(pointer);
    };
  }, [pointer]);
  const faults = all.filter((fault) => placeOf(fault.pointer ?? "") === pointer);
  return { id: idOf(pointer), faults };
}

export function idOf(pointer: string): string {
  return `field${pointer.replace(/[^\w]/g, "-")}`;
}

/** The field that a pointer leads to: itself, one above it, or the first below it. */
export function placeOf(pointer: string): string | null {
  if (shown.has(pointer)) return pointer;
  const below = [...shown.keys()].find((known) => known.startsWith(`${pointer}/`));
  if (below && pointer !== "") return below;
  for (let end = pointer.lastIndexOf("/"); end > 0; end = pointer.lastIndexOf("/", end - 1)) {
    const above = pointer.slice(0, end);
    if (shown.has(above)) return above;
    const beside = [...shown.keys()].find((known) => known.startsWith(`${above}/`));
    if (beside) return beside;
  }
  return null;
}

/** Bring a field into view, opening what hides it, and put the caret there; false where the form has none. */
export function goTo(pointer: string): boolean {
  const place = placeOf(pointer);
  const element = (place === null ? null : document.getElementById(idOf(place))) ?? document.getElementById(JSON_FIELD);
  if (!element) return false;
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  element.focus();
  element.scrollIntoView({ block: "center" });
  return true;
}
