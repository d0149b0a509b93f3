// The same workload in every place: one batch, asked for when somebody looks.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, isAborted, Problem } from "../api.ts";
import { rowsOf } from "../csv.ts";
import type { Basis } from "./answer.ts";
import type { Region } from "./catalog.ts";
import type { Request } from "./request.ts";

export interface Place {
  region: Region;
  kg: Record<Basis, number>;
  low: Record<Basis, number>;
  high: Record<Basis, number>;
  grade: Record<Basis, string>;
}

export interface Places {
  places: Place[] | null;
  loading: boolean;
  fault: string | null;
  /** How many places have no answer to the request, and why the first has none. */
  without: { count: number; why: string } | null;
}

const LARGEST = 15_000_000; // bytes of a batch that the service takes, with room to spare

/** Figures of the request in each region; null until they are there. */
export function usePlaces(request: Request, regions: Region[], wanted: boolean): Places {
  const [state, setState] = useState<Places>({ places: null, loading: true, fault: null, without: null });
  const answered = useRef<Request | null>(null);
  useEffect(() => {
    if (!wanted || regions.length === 0 || answered.current === request) return;
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    const wait = setTimeout(async () => {
      const body = batchOf(request, regions);
      if (body.length > LARGEST) return setState({ places: null, loading: false, without: null, fault: "This request is too long to be asked for every place at once." });
      try {
        const response = await ask("/emissions/batch", { body, accept: "text/csv", signal: abort.signal });
        const rows = rowsOf(await response.text());
        answered.current = request;
        setState({ places: rows.flatMap((row) => placeOf(row, regions)), loading: false, fault: null, without: withoutAnswer(rows) });
      } catch (error) {
        if (isAborted(error) || abort.signal.aborted) return;
        if (!(error instanceof Problem)) throw error;
        setState({ places: null, loading: false, without: null, fault: error.message });
      }
    }, 400);
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [request, regions, wanted]);
  return state;
}

/** Certificates stand in each item: one of so many kWh may not be a default of all. */
function batchOf({ region: _, instruments, ...rest }: Request, regions: Region[]): string {
  const workloads = regions.map((place) => ({ region: place.id, ...(instruments ? { instruments } : {}) }));
  return JSON.stringify({ defaults: { ...rest, compare_allocations: false }, workloads });
}

function withoutAnswer(rows: Record<string, string>[]): Places["without"] {
  const failed = rows.filter((row) => row["problem_code"]);
  return failed[0] ? { count: failed.length, why: (failed[0]["problem_detail"] ?? "").replace(/^\/\S*: /, "") } : null;
}

function placeOf(row: Record<string, string>, regions: Region[]): Place[] {
  const region = regions[Number(row["index"])];
  const figure = (name: string) => Number(row[name]);
  if (!region || row["problem_code"] || !row["total_location_based_kg_co2e"] || !row["total_market_based_kg_co2e"]) return [];
  const both = <T>(value: (basis: string) => T): Record<Basis, T> => ({ location_based: value("location_based"), market_based: value("market_based") });
  return [
    {
      region,
      kg: both((basis) => figure(`total_${basis}_kg_co2e`)),
      low: both((basis) => figure(`total_${basis}_low_kg_co2e`)),
      high: both((basis) => figure(`total_${basis}_high_kg_co2e`)),
      grade: both((basis) => row[`total_${basis}_grade`] ?? ""),
    },
  ];
}
