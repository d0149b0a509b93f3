// What the imports answer, as far as the page reads it. Names are those of the interface (openapi.json).
import type { Basis, Total, Warning } from "../workload/answer.ts";
import type { Fault } from "../api.ts";

export interface Reason {
  reason: string;
  code: string;
  detail: string;
  rows: number;
}

export interface Bill {
  rows: number;
  estimated: Record<"machine" | "storage" | "network" | "spend", number>;
  covered_cost_share: number | null;
  figures: Record<string, number | null>;
  totals: { location_based_kg_co2e: number | null; market_based_kg_co2e: number | null };
  not_estimated: Reason[];
  by_spend: Reason[];
  currencies: { currency: string; rows: number; effective_cost: number; covered_cost_share: number | null }[];
  method_version: string;
  factor_set: string;
}

export interface Point {
  region_id: string;
  name: string | null;
  provider: string | null;
  period_start: string;
  total_location_based_kg_co2e: number | null;
  total_market_based_kg_co2e: number | null;
  rows: number;
}

export interface Places {
  features: { properties: Point }[];
  rows_without_region: number;
  without_region: { total_location_based_kg_co2e: number | null; total_market_based_kg_co2e: number | null };
}

export interface Summary {
  format: string;
  count: number;
  failed: number;
  left_out: { reason: string; count: number; rows: number[] }[];
  complete: boolean;
  totals: Record<Basis, Total> | null;
  reported_kg_co2e: number | null;
  reported_count: number;
  energy_kwh: number | null;
  warnings: Warning[];
}

export interface Run {
  row: number | null;
  name: string;
  start: string | null;
  location: number | null;
  market: number | null;
  reported: number | null;
}

export interface Broken {
  row: number | null;
  code: string;
  detail: string;
  faults: Fault[];
}

export interface Digest {
  summary: Summary;
  runs: Run[];
  broken: Broken[];
}

const MOST_RUNS = 400; // that are drawn and listed
const MOST_BROKEN = 200;

/** The first runs, the first problems and the sums of an answer in lines, read piece by piece. */
export async function digestOf(answer: Blob): Promise<Digest> {
  const reader = answer.stream().pipeThrough(new TextDecoderStream()).getReader();
  const digest: Omit<Digest, "summary"> = { runs: [], broken: [] };
  let summary: Summary | null = null;
  let rest = "";
  const take = (line: string) => {
    if (line.startsWith('{"summary":')) summary = (JSON.parse(line) as { summary: Summary }).summary;
    else if (digest.runs.length < MOST_RUNS || (digest.broken.length < MOST_BROKEN && line.includes('"emissions":null'))) add(digest, line);
  };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line) take(line);
  }
  if (rest) take(rest);
  if (!summary) throw new Error("the answer broke off");
  return { ...digest, summary };
}

interface Line {
  row: number | null;
  reported_kg_co2e: number | null;
  emissions: { id: string | null; period: { start: string } | null; totals: Record<Basis, { kg_co2e: number } | null> } | null;
  problem: { code: string; detail: string; errors?: Fault[] } | null;
}

function add({ runs, broken }: Omit<Digest, "summary">, line: string) {
  const { row, reported_kg_co2e: reported, emissions, problem } = JSON.parse(line) as Line;
  if (problem && broken.length < MOST_BROKEN) broken.push({ row, code: problem.code, detail: problem.detail, faults: problem.errors ?? [] });
  if (!emissions || runs.length >= MOST_RUNS) return;
  runs.push({
    row,
    name: emissions.id ?? `record ${row}`,
    start: emissions.period?.start ?? null,
    location: emissions.totals.location_based?.kg_co2e ?? null,
    market: emissions.totals.market_based?.kg_co2e ?? null,
    reported,
  });
}
