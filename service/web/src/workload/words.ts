// The field's terms in plain words.
import type { Grade } from "./answer.ts";

export const GRADES: Record<Grade, { short: string; long: string }> = {
  A: { short: "measured", long: "Measured, or as good as that: within about 5 %." },
  B: { short: "good", long: "Close figures for this place and year: within about 10 %." },
  C: { short: "fair", long: "Figures of the country, or with one assumption: within about 30 %." },
  D: { short: "rough", long: "Modeled, or of another kind than wanted: half to twice as much." },
  E: { short: "very rough", long: "From cost alone, or the like: a third to three times as much." },
};

/** How well a factor fits what was asked for. */
export const MATCHES: Record<string, string> = {
  exact: "for this place and year",
  earlier_year: "of an earlier year, the newest there is",
  coarser_zone: "of a larger area than this grid",
  life_cycle_basis: "over the life cycle, because no direct figure is published",
  provider_default: "a default, because none is known for this place",
  world: "an average of the world",
  user: "as you sent it",
};
