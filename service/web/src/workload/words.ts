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

/** What a factor is of. */
export function kindName(kind: string): string {
  return KINDS[kind] ?? (kind.startsWith("instrument:") ? `Rate of ${kind.slice("instrument:".length)}` : kind.replaceAll("_", " "));
}

const KINDS: Record<string, string> = {
  accelerator: "Making of the accelerator",
  cloud_instance: "Making of the cloud instance",
  grid_location: "What the grid emits",
  power: "Power of the machine",
  pue: "Overhead of the building (PUE)",
  residual_mix: "Electricity that nobody claimed (residual mix)",
  server_component: "Making of the server",
  spend: "Emissions a unit of money",
  td_loss: "Lost on the wires",
  upstream_wtt: "Getting the fuels to the power plants",
};

/** Where a company books a figure. */
export const CATEGORIES: Record<string, string> = {
  scope2: "Scope 2",
  "scope3.cat1": "Scope 3, Category 1: purchased goods and services",
  "scope3.cat2": "Scope 3, Category 2: capital goods",
  "scope3.cat3": "Scope 3, Category 3: fuel- and energy-related activities",
  "scope3.cat8": "Scope 3, Category 8: upstream leased assets",
};

export const METHODS: Record<string, { name: string; about: string; needs: string; field: string }> = {
  time: { name: "Time", about: "the hours it held the hardware, of the hours that the hardware lives", needs: "needs how long it ran", field: "/duration_hours" },
  utilization: { name: "Utilization", about: "only the part it really used; what idled is shown beside it", needs: "needs the mean utilization", field: "/utilization" },
  physical: { name: "Physical", about: "by metered GPU-, vCPU- or memory-hours", needs: "needs metered GPU- or vCPU-hours", field: "/usage/gpu_hours" },
  economic: { name: "Economic", about: "by what it cost; rough, and adds up to no total", needs: "needs what it cost", field: "/cost/amount" },
};

/** A sentence from a detail of the service; a name at its start stays as it is written. */
export function sentence(detail: string): string {
  const named = /^\S*[_:/\d]/.test(detail);
  return `${named ? detail : detail.charAt(0).toUpperCase() + detail.slice(1)}.`;
}

export const TERMS: { term: string; meaning: string }[] = [
  {
    term: "Location-based",
    meaning:
      "Counts the electricity by what the power plants of the local grid emit on average, whoever pays for it. It answers: what did running this here put into the air?",
  },
  {
    term: "Market-based",
    meaning:
      "Counts it by what was bought: certificates and contracts for clean electricity count with their rate, the rest with the residual mix, which is what remains once everybody's claims are taken out. It answers: what does our buying stand for?",
  },
  {
    term: "Why two, and why never added",
    meaning:
      "They are two views of the same kilowatt-hours. Adding them would count each one twice. Reporting standards ask for both, side by side.",
  },
  {
    term: "Scope 2",
    meaning: "Emissions of generating the electricity that was used. On a cloud it is the provider's Scope 2 and part of your Scope 3.",
  },
  {
    term: "Scope 3",
    meaning:
      "What happens before: getting fuels to the power plants and losses on the wires, making the chips and servers, building the data center. Each has a line of its own.",
  },
  {
    term: "Range",
    meaning: "The least and the most that the figure can be with the sources it rests on. It is no statistical confidence interval.",
  },
  { term: "Grade", meaning: "A to E, from measured to very rough. A figure is as good as the worst of what it is made from." },
];
