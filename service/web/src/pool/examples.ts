// Pools to begin with. The cluster is an owned one of 32 GPUs in a year, with a certificate for part of its electricity.
import type { Request } from "../workload/request.ts";

const CLUSTER: Request = {
  pool: {
    workload: {
      id: "cluster-2025",
      region: "DE",
      deployment: "owned",
      period: { start: "2025-01-01", end: "2026-01-01" },
      energy: { kwh: 146000 },
      pue: 1.25,
      hardware: { accelerator: "nvidia-h100-sxm", accelerators: 8, host: { ram_gb: 2048, ssd_gb: 30720 }, count: 4, lifetime_years: 5 },
      allocation: { method: "time" },
      market: { quality_policy: "strict" },
      instruments: [
        {
          id: "go-wind-2025",
          type: "go",
          percent: 60,
          kg_co2e_per_kwh: 0,
          technology: "wind",
          vintage_year: 2025,
          market: "DE",
          retired: true,
          serial: "DE-2025-0042",
          bundled: false,
        },
      ],
    },
  },
  basis: "location_based",
  method: "two_part",
  static_share: 0.3,
  weights: { gpu_hours: 0.5, energy_kwh: 0.5 },
  consumers: [
    { id: "vision", devices: 4, hours: 8656, utilization: 0.8365, usage: { gpu_hours: 34624, energy_kwh: 27614.2 }, cost: { amount: 72710.4, currency: "EUR" } },
    { id: "language", devices: 8, hours: 5642, utilization: 0.9005, usage: { gpu_hours: 45136, energy_kwh: 38001.5 }, cost: { amount: 85758.4, currency: "EUR" } },
    { id: "speech", devices: 4, hours: 7716, utilization: 0.7298, usage: { gpu_hours: 30864, energy_kwh: 22513.1 }, cost: { amount: 64814.4, currency: "EUR" } },
    { id: "ranking", devices: 4, hours: 7076, utilization: 0.5471, usage: { gpu_hours: 28304, energy_kwh: 17379.8 }, cost: { amount: 67929.6, currency: "EUR" } },
    { id: "research", devices: 4, hours: 5396, utilization: 0.6381, usage: { gpu_hours: 21584, energy_kwh: 14518 }, cost: { amount: 34534.4, currency: "EUR" } },
  ],
};

export const EXAMPLES: { name: string; about: string; request: Request }[] = [
  { name: "GPU cluster", about: "Five teams on 32 GPUs in a year; the pool is estimated from the cluster", request: CLUSTER },
  {
    name: "Idle shown apart",
    about: "The same teams; hours that nobody held are charged to nobody",
    request: {
      ...CLUSTER,
      method: "time",
      idle_policy: "unallocated",
      capacity: { device_hours: 280320, gpu_hours: 280320, energy_kwh: 146000 },
    },
  },
  {
    name: "A provider's total",
    about: "Scopes as a provider reported them, divided by cost and vCPU-hours",
    request: {
      pool: { components: { scope1: 12.5, scope2: 840, scope3: 1310.2 } },
      method: "economic",
      consumers: [
        { id: "web", usage: { vcpu_hours: 52000 }, cost: { amount: 4100, currency: "USD" } },
        { id: "search", usage: { vcpu_hours: 91000 }, cost: { amount: 5200, currency: "USD" } },
        { id: "batch", usage: { vcpu_hours: 78000 }, cost: { amount: 1900, currency: "USD" } },
      ],
    },
  },
];
