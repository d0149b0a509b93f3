// The methods of dividing a pool, and what is divided, in plain words.
import type { Method } from "./answer.ts";

export const WORDS: Record<Method, { name: string; by: string; about: string; good: string }> = {
  time: {
    name: "Time",
    by: "by the hours that each held",
    about: "Who holds a device for an hour pays for an hour, whether it works or waits.",
    good: "Fair where devices are booked for one at a time.",
  },
  utilization: {
    name: "Utilization",
    by: "by the hours that each really used",
    about: "Held hours count only as far as the device was busy: hours × mean utilization.",
    good: "Rewards full machines; who reserves and idles pays little.",
  },
  two_part: {
    name: "Two parts",
    by: "partly by hours held, partly by hours used",
    about: "One part follows what was held, like a subscription; the rest follows what was used, like a meter.",
    good: "Charges for reserving and for using, in the proportion that you choose.",
  },
  physical: {
    name: "Physical",
    by: "by metered resources",
    about: "Follows metered GPU-, vCPU- and memory-hours or energy, weighted where there are several.",
    good: "Closest to what causes emissions; needs meters.",
  },
  economic: {
    name: "Economic",
    by: "by what each paid",
    about: "Follows cost. A discount looks the same as less hardware.",
    good: "Always at hand, and the roughest: for when there is nothing else.",
  },
};

const COMPONENTS: Record<string, string> = {
  scope2: "Electricity",
  fuel_and_energy: "Fuels and grid losses",
  embodied: "Making of hardware",
  infrastructure: "Building and cooling",
};

/** A component of a workload in words; names of the reader's own stay as they are. */
export function componentName(name: string, origin: string): string {
  return origin === "components" || !Object.hasOwn(COMPONENTS, name) ? name : COMPONENTS[name]!;
}
