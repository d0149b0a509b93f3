// Dark or light: as the system has it, until the reader says otherwise. Charts read their colors here.
import { useEffect, useState } from "preact/hooks";

export type Scheme = "light" | "dark";
const NAME = "dualscope.scheme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): Scheme | null {
  try {
    const value = localStorage.getItem(NAME);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null; // storage is switched off
  }
}

let chosen = stored();

export function scheme(): Scheme {
  return chosen ?? (system.matches ? "dark" : "light");
}

function apply() {
  document.documentElement.dataset["scheme"] = scheme();
  for (const listener of listeners) listener();
}

/** Take the other one, and keep it. */
export function turn() {
  chosen = scheme() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(NAME, chosen);
  } catch {
    // for this page alone then
  }
  apply();
}

system.addEventListener("change", apply);
apply();

/** The scheme in force; whoever uses it is drawn again when it changes. */
export function useScheme(): Scheme {
  const [now, set] = useState(scheme);
  useEffect(() => {
    const listener = () => set(scheme());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return now;
}

/** What a color of the style sheet is now: `color("--ink")`. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Stops of the scale of carbon intensity, from little to much: viridis, which eyes of every kind can tell apart. What
 *  emits much stands out from the paper in both schemes. The style sheet has the same for the legend. */
export function intensityStops(of: Scheme): string[] {
  const stops = ["#f4e61e", "#addc30", "#5ec962", "#28ae80", "#21918c", "#2c728e", "#3b528b", "#472d7b", "#440154"];
  return of === "light" ? stops : [...stops].reverse();
}

/** A color on a scale of stops, at 0 to 1. */
export function colorAt(stops: string[], at: number): string {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const part = place - index;
  const [from, to] = [rgb(stops[index]!), rgb(stops[index + 1]!)];
  return `rgb(${from.map((value, channel) => Math.round(value + (to[channel]! - value) * part)).join(",")})`;
}

function rgb(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}
