// The lines of an answer: what the totals are made of.
import type { Answer, Basis, Figure } from "./answer.ts";

export interface Line {
  key: string;
  /** In plain words. */
  name: string;
  /** As the standards call it. */
  term: string;
  about: string;
  figures: Record<Basis, Figure | null>;
  /** Codes of the warnings that say why there is none. */
  whyNot: string[];
  color: string;
}

export function linesOf({ scope2, scope3 }: Answer): Line[] {
  const both = (figure: Figure | null) => ({ location_based: figure, market_based: figure });
  const all: Line[] = [
    {
      key: "scope2",
      name: "Generating the electricity",
      term: "Scope 2",
      about: "What the power plants emitted for the electricity it used, cooling and losses inside the building included.",
      figures: scope2,
      whyNot: ["SPEND_BASED_ESTIMATE"],
      color: "--part-1",
    },
    {
      key: "scope3.fuel_and_energy",
      name: "Fuels and power lines",
      term: "Scope 3, fuel and energy",
      about: "Getting the fuels to the power plants, and the electricity that was lost on the wires.",
      figures: scope3.fuel_and_energy ?? both(null),
      whyNot: ["CAT3_NOT_COMPUTED"],
      color: "--part-2",
    },
    {
      key: "scope3.embodied",
      name: "Making the hardware",
      term: "Scope 3, embodied",
      about: "The part of making the chips and servers that falls on this workload. It is the same under both methods.",
      figures: both(scope3.embodied),
      whyNot: ["EMBODIED_NOT_COMPUTED"],
      color: "--part-3",
    },
    {
      key: "scope3.infrastructure",
      name: "Building the data center",
      term: "Scope 3, infrastructure",
      about: "The part of building, cooling and power plant that falls on this workload, where the provider's figures are sent.",
      figures: both(scope3.infrastructure),
      whyNot: ["INFRA_NOT_COMPUTED", "INFRA_DENOMINATOR_MISSING"],
      color: "--part-4",
    },
  ];
  if (!scope3.spend_based) return all;
  const spend: Line = {
    key: "scope3.spend_based",
    name: "All of it, from its cost",
    term: "Scope 3, spend-based",
    about: "An average of the industry for each unit of money; it contains the electricity and the hardware.",
    figures: both(scope3.spend_based),
    whyNot: [],
    color: "--part-1",
  };
  return [spend, ...all];
}

/** Lines that have a number. */
export function known(lines: Line[]): Line[] {
  return lines.filter(({ figures }) => figures.location_based ?? figures.market_based);
}
