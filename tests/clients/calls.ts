// Real calls, as a program in TypeScript makes them; what it prints is checked by test_typescript.py.
import createClient from "openapi-fetch";
import type { Batch, BatchEmissions, Problem, RegionPage, Workload, paths } from "./dualscope.js";

const baseUrl = process.argv[2];
if (baseUrl === undefined) throw new Error("say the address of the service");
// The forms that are wanted: without them `data` may as well be the text of a CSV file.
type Forms = "application/json" | "application/problem+json";
const dualscope = createClient<paths, Forms>({ baseUrl, headers: { Accept: "application/json" } });

const workload: Workload = { region: "aws:us-east-1", energy: { kwh: 100 } };
const one = await dualscope.POST("/emissions", { params: { query: { explain: true } }, body: workload });
if (one.error) throw new Error(one.error.detail);
const location: number | undefined = one.data.scope2.location_based?.kg_co2e;

const workloads: Workload[] = Array.from({ length: 30 }, (_, day) => ({
  id: `day-${day + 1}`,
  tags: { team: day % 2 ? "vision" : "search" },
  region: "gcp:europe-west9",
  energy: { kwh: 10 },
}));
const body: Batch = { workloads, group_by: ["tags.team"] };
const month = await dualscope.POST("/emissions/batch", { body });
if (month.error) throw new Error(month.error.detail);
const answer: BatchEmissions = month.data;
const teams = answer.summary.groups.map((group) => group.key["tags.team"]);

const pool = await dualscope.POST("/allocations", {
  body: {
    pool: { kg_co2e: 90 },
    method: "time",
    consumers: [
      { id: "a", device_hours: 1 },
      { id: "b", device_hours: 2 },
    ],
  },
});
if (pool.error) throw new Error(pool.error.detail);

let regions = 0;
let cursor: string | undefined;
do {
  const page = await dualscope.GET("/regions", { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } });
  if (page.error) throw new Error(page.error.detail);
  const found: RegionPage = page.data;
  regions += found.items.length;
  cursor = found.next_cursor ?? undefined;
} while (cursor !== undefined);

const bill = await dualscope.POST("/imports/{format}", {
  params: { path: { format: "power" }, query: { region: "DE" } },
  body: "timestamp,power_kw\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,1\n",
  bodySerializer: (text) => text as string,
  headers: { "Content-Type": "text/csv" },
});
if (bill.error) throw new Error(bill.error.detail);

const wrong = await dualscope.POST("/emissions", { body: { region: "aws:us-esat-1", energy: { kwh: 1 } } });
const senseless: Problem | undefined = wrong.error;
const bad = await dualscope.POST("/emissions", { body: { region: "FR", energy: { kwh: -1 } } });

console.log(
  JSON.stringify({
    location,
    derivation: one.data.scope2.location_based?.derivation,
    count: answer.summary.count,
    teams,
    parts: pool.data.allocations.map((line) => line.kg_co2e),
    regions,
    imported: bill.data.summary.energy_kwh,
    senseless: [senseless?.status, senseless?.code, senseless?.errors[0]?.pointer],
    bad: [bad.error?.status, bad.error?.errors[0]?.pointer],
  }),
);
