// What POST /allocations answers, as far as the page reads it. Names are those of the interface (openapi.json).
import type { Warning } from "../workload/answer.ts";

export const METHODS = ["time", "utilization", "two_part", "physical", "economic"] as const;
export type Method = (typeof METHODS)[number];

export interface Line {
  id: string;
  driver: number;
  share: number;
  kg_co2e: number;
  components: Record<string, number>;
}

export type Unallocated = Omit<Line, "id" | "driver">;

export interface Answer {
  method: Method;
  driver_unit: string;
  allocations: Line[];
  unallocated: Unallocated | null;
  pool: {
    kg_co2e: number;
    components: Record<string, number>;
    origin: string;
    basis: string | null;
    missing: string[];
    low_kg_co2e: number | null;
    high_kg_co2e: number | null;
    grade: string | null;
    unallocated_kg_co2e: number | null;
  };
  comparison: {
    by_method: Partial<Record<Method, Record<string, number>>>;
    unallocated_kg_co2e: Partial<Record<Method, number>>;
    not_computable: { method: Method; code: string; detail: string }[];
    spread_kg_co2e: Record<string, number>;
  } | null;
  methodology: { id: string; version: string; factor_set: { version: string }; fingerprint: string };
  warnings: Warning[];
}
