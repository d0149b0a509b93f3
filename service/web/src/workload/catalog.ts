// What the service knows by name: regions, once; hardware, as somebody looks for it.
import { useEffect, useState } from "preact/hooks";
import { askJson, isAborted, Problem } from "../api.ts";

export interface FactorValue {
  value: number;
  unit: string;
  year: number | null;
  grade: string;
  match: string;
}

export interface Region {
  id: string;
  name: string;
  provider: string | null;
  country: string | null;
  grid: string | null;
  latitude: number | null;
  longitude: number | null;
  location: FactorValue | null;
  residual_mix: FactorValue | null;
}

export interface Hardware {
  id: string;
  kind: "accelerator" | "instance" | "archetype";
  name: string;
  provider: string | null;
  aliases: string[];
  vcpus: number | null;
  memory_gb: number | null;
  accelerator: string | null;
  accelerators: number | null;
  tdp_w: number | null;
  form_factor: string | null;
}

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export const PROVIDERS: Record<string, string> = {
  aws: "AWS",
  azure: "Azure",
  coreweave: "CoreWeave",
  gcp: "Google Cloud",
  hetzner: "Hetzner",
  oci: "Oracle Cloud",
  ovh: "OVHcloud",
  scaleway: "Scaleway",
};

const COUNTRY_NAMES = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

export function countryName(code: string): string {
  try {
    return COUNTRY_NAMES.of(code) ?? code;
  } catch {
    return code; // not of the form of a country's code
  }
}

/** A region as people say it: `AWS us-east-1, Ashburn VA`. */
export function regionName(region: Pick<Region, "id" | "name" | "provider">): string {
  if (!region.provider) return region.name;
  const short = region.id.slice(region.provider.length + 1);
  return `${PROVIDERS[region.provider] ?? region.provider} ${short}, ${region.name}`;
}

let regions: Promise<Region[]> | null = null;

async function all<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await askJson<Page<T>>(`${path}${cursor ? `&cursor=${cursor}` : ""}`, { signal });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

/** All regions; empty until they are there. */
export function useRegions(): Region[] {
  const [found, setFound] = useState<Region[]>([]);
  useEffect(() => {
    regions ??= all<Region>("/regions?limit=1000");
    regions.then(setFound, () => {
      regions = null; // asked for again by the next who needs them; the field takes names meanwhile
    });
  }, []);
  return found;
}

let devices: Promise<Hardware[]> | null = null;

/** Accelerators and whole servers, and the cloud instances that a text finds. */
export function useHardware(text: string): Hardware[] {
  const [few, setFew] = useState<Hardware[]>([]);
  const [instances, setInstances] = useState<Hardware[]>([]);
  useEffect(() => {
    devices ??= Promise.all([
      all<Hardware>("/hardware?limit=1000&kind=accelerator"),
      all<Hardware>("/hardware?limit=1000&kind=archetype"),
    ]).then((lists) => lists.flat());
    devices.then(setFew, () => {
      devices = null;
    });
  }, []);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted.length < 2) return setInstances([]);
    const abort = new AbortController();
    const wait = setTimeout(async () => {
      try {
        const path = `/hardware?limit=40&kind=instance&q=${encodeURIComponent(wanted.slice(0, 64))}`;
        setInstances((await askJson<Page<Hardware>>(path, { signal: abort.signal })).items);
      } catch (error) {
        if (!isAborted(error) && !(error instanceof Problem)) throw error; // no options then; names are taken as they are
      }
    }, 150);
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [text]);
  return [...few, ...instances];
}

/** Which of many a text means: every word of it stands somewhere in what is known of them. */
export function matching<T>(items: T[], text: string, known: (item: T) => string, most: number): T[] {
  const words = text.toLowerCase().split(/[\s,]+/).filter(Boolean);
  const found: T[] = [];
  const later: T[] = [];
  for (const item of items) {
    const about = known(item).toLowerCase();
    if (!words.every((word) => about.includes(word))) continue;
    (words.length && about.startsWith(words[0]!) ? found : later).push(item);
  }
  return [...found, ...later].slice(0, most);
}
