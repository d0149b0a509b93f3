// The columns of the table of consumers: where each stands in a consumer, and by which heads a pasted one is known.
import { at, numberOrText, put, type Json, type Request } from "../workload/request.ts";
import type { Method } from "./answer.ts";

export interface Column {
  path: string;
  name: string;
  unit: string;
  heads: string[];
  for: Method[];
}

const column = (path: string, name: string, unit: string, methods: Method[], heads: string[] = []): Column => ({
  path,
  name,
  unit,
  for: methods,
  heads: [path.split("/").pop()!, path.slice(1).replaceAll("/", "_"), name.toLowerCase().replaceAll(/[\s-]+/g, "_"), ...heads],
});

export const ID = column("/id", "Consumer", "", [], ["name", "team", "project", "tenant", "department"]);
export const COLUMNS: Column[] = [
  ID,
  column("/devices", "Devices", "held alone", ["time", "utilization", "two_part"]),
  column("/hours", "Hours", "wall clock", ["time", "utilization", "two_part"], ["duration_hours"]),
  column("/device_hours", "Device-hours", "devices × hours", []),
  column("/utilization", "Utilization", "0 to 1", ["utilization", "two_part"], ["mean_utilization"]),
  column("/usage/gpu_hours", "GPU-hours", "metered", ["physical"]),
  column("/usage/vcpu_hours", "vCPU-hours", "metered", [], ["cpu_hours"]),
  column("/usage/ram_gb_hours", "Memory", "GB hours", [], ["ram_gb_h", "memory_gb_hours"]),
  column("/usage/energy_kwh", "Energy", "kWh", [], ["kwh"]),
  column("/cost/amount", "Cost", "", ["economic"], ["cost", "effective_cost", "effectivecost", "billed_cost", "billedcost"]),
];

export type Consumer = { [name: string]: Json };

export function consumersOf(request: Request): Consumer[] {
  const list = request["consumers"];
  return Array.isArray(list) ? list.map((one) => (one !== null && typeof one === "object" && !Array.isArray(one) ? one : {})) : [];
}

export function currencyOf(consumers: Consumer[]): string {
  const found = consumers.map((one) => at(one, "/cost/currency")).find((one) => typeof one === "string");
  return typeof found === "string" ? found : "EUR";
}

/** A consumer with a cell written; a cost has the currency of the others, and none where it has no amount. */
export function written(consumer: Consumer, { path }: Column, value: Json | undefined, currency: string): Consumer {
  if (path !== "/cost/amount") return put(consumer, path, value);
  if (value === undefined) return put(consumer, "/cost", undefined);
  return put(put(consumer, path, value), "/cost/currency", at(consumer, "/cost/currency") ?? currency);
}

/** What a cell holds that was written as text. */
export function cellValue({ path }: Column, text: string): Json | undefined {
  if (path !== "/id") return numberOrText(text);
  return text.trim() === "" ? undefined : text.trim();
}

export function hasValue(consumers: Consumer[], { path }: Column): boolean {
  return consumers.some((one) => at(one, path) !== undefined);
}

export interface Pasted {
  consumers: Consumer[];
  /** Heads that no column is known by. */
  unknown: string[];
}

const plain = (head: string) => head.trim().toLowerCase().replace(/\s*[([].*$/, "").replaceAll(/[\s./-]+/g, "_");

/** A table with heads, as consumers; null where its first row has no head of a consumer's name. */
export function withHeads([heads, ...rows]: string[][], currency: string): Pasted | null {
  const columns = (heads ?? []).map((head) => COLUMNS.find((one) => one.heads.includes(plain(head))));
  if (!columns.includes(ID)) return null;
  const money = (heads ?? []).findIndex((head) => ["currency", "cost_currency", "billingcurrency", "billing_currency"].includes(plain(head)));
  const consumers = rows.map((cells) =>
    columns.reduce<Consumer>((one, found, place) => (found ? written(one, found, cellValue(found, cells[place] ?? ""), cells[money]?.trim() || currency) : one), {}),
  );
  const unknown = (heads ?? []).filter((head, place) => !columns[place] && place !== money && head.trim() !== "");
  return { consumers, unknown };
}

/** Cells without heads, written from one cell to the right and down; rows that are not there yet are added. */
export function fromCell(before: Consumer[], rows: string[][], row: number, from: Column, shown: Column[]): Consumer[] {
  const after = [...before];
  const start = shown.indexOf(from);
  const currency = currencyOf(before);
  rows.forEach((cells, down) => {
    after[row + down] = cells.reduce<Consumer>((one, text, right) => {
      const found = shown[start + right];
      return found ? written(one, found, cellValue(found, text), currency) : one;
    }, after[row + down] ?? {});
  });
  return after;
}
