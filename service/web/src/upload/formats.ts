// The kinds of files that the service reads, how they are recognized, and what can be said beside each.
export type FieldName = "region" | "tz" | "instance" | "allocation" | "host_overhead_ratio" | "cost" | "currency" | "unit" | "level";

export interface Format {
  id: string;
  name: string;
  about: string;
  fields: FieldName[];
}

export const FOCUS: Format = { id: "focus", name: "FOCUS bill", about: "A cloud bill in the FOCUS form, 1.0 to 1.3, as CSV or Parquet.", fields: [] };
export const FORMATS: Format[] = [
  FOCUS,
  {
    id: "codecarbon",
    name: "CodeCarbon",
    about: "emissions.csv of CodeCarbon 3, or one run as JSON.",
    fields: ["region", "tz", "instance", "allocation", "host_overhead_ratio", "cost", "currency"],
  },
  { id: "boamps", name: "BoAmps", about: "Reports as JSON, one or several.", fields: ["region", "tz", "instance", "allocation", "host_overhead_ratio"] },
  { id: "eco-ci", name: "Eco-CI", about: "Steps of builds as JSON, one or many, one a line.", fields: ["region", "instance", "allocation"] },
  { id: "ccf", name: "Cloud Carbon Footprint", about: "Estimates of its API, as JSON or CSV.", fields: ["region", "tz"] },
  { id: "power", name: "Power meter", about: "CSV of times and watts, or joules of a counter.", fields: ["region", "tz", "unit", "level", "host_overhead_ratio"] },
  { id: "prometheus", name: "Prometheus", about: "The answer of query_range, as of Kepler.", fields: ["region", "unit", "level", "host_overhead_ratio"] },
];

const HEAD = 1024; // bytes of a file that are looked at

/** What a file is by its first kilobyte; null where that says nothing. */
export async function recognized(file: Blob): Promise<Format | null> {
  const head = await file.slice(0, HEAD).text();
  const id = kindOf(head);
  return FORMATS.find((format) => format.id === id) ?? null;
}

function kindOf(head: string): string | null {
  if (head.startsWith("PAR1")) return "focus";
  const text = head.replace(/^\uFEFF/, "").trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return kindOfJson(text);
  const heads = new Set((text.split(/\r?\n/)[0] ?? "").split(/[,;\t]/).map((cell) => cell.replaceAll('"', "").trim().toLowerCase()));
  const has = (...names: string[]) => names.every((name) => heads.has(name));
  if (has("billingcurrency") || has("chargecategory") || has("billedcost")) return "focus";
  if (has("emissions", "duration") || has("run_id", "project_name") || has("codecarbon_version")) return "codecarbon";
  if (has("kilowatthours") && has("co2e")) return "ccf";
  if ([...heads].some((name) => /^(time|timestamp|date|datetime)$/.test(name)) && [...heads].some((name) => /watt|power|joule|energy|kwh|_w$|^w$/.test(name))) return "power";
  return null;
}

function kindOfJson(text: string): string | null {
  const has = (name: string) => text.includes(`"${name}"`);
  if (has("resultType") || (has("status") && has("metric"))) return "prometheus";
  if (has("energy_uj") || has("carbon_ug")) return "eco-ci";
  if (has("serviceEstimates")) return "ccf";
  if (has("header") || has("formatVersion") || has("reportId")) return "boamps";
  if (has("emissions_rate") || has("energy_consumed") || has("codecarbon_version")) return "codecarbon";
  return null;
}

/** As what its bytes are sent. */
export async function mediaType(file: File, format: Format): Promise<string> {
  const head = (await file.slice(0, HEAD).text()).replace(/^\uFEFF/, "").trimStart();
  const lines = /\.(jsonl|ndjson)$/i.test(file.name);
  if (format === FOCUS) return "application/octet-stream"; // its first bytes tell
  return !lines && (head.startsWith("{") || head.startsWith("[")) ? "application/json" : "application/octet-stream";
}

export type Given = Partial<Record<FieldName, string>>;

export function pathOf(format: Format, given: Given): string {
  const query = new URLSearchParams();
  for (const name of format.fields) {
    const value = given[name]?.trim();
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return `/imports/${format.id}${text ? `?${text}` : ""}`;
}
