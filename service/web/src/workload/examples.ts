// Requests to start from.
import type { Request } from "./request.ts";

export interface Example {
  name: string;
  about: string;
  request: Request;
}

export const EXAMPLES: Example[] = [
  {
    name: "Training run",
    about: "8 H100 for three days, metered",
    request: {
      region: "aws:us-east-1",
      hardware: { accelerator: "h100-sxm5", accelerators: 8 },
      duration_hours: 72,
      utilization: 0.85,
      energy: { kwh: 431 },
    },
  },
  {
    name: "Inference",
    about: "4 L4 for a month, modeled from the hardware",
    request: {
      region: "gcp:europe-west4",
      hardware: { accelerator: "l4", accelerators: 4 },
      duration_hours: 730,
      utilization: 0.4,
      functional_units: { "1M tokens": 9000 },
    },
  },
  {
    name: "With certificates",
    about: "60 % covered by Guarantees of Origin",
    request: {
      region: "DE",
      deployment: "colocated",
      period: { start: "2024-01-01", end: "2025-01-01" },
      energy: { kwh: 96000 },
      pue: 1.25,
      instruments: [
        { id: "GO wind 2024", type: "go", percent: 60, technology: "wind", vintage_year: 2024, market: "DE", retired: true, serial: "GO-2024-118" },
      ],
    },
  },
  {
    name: "Cloud instance",
    about: "two p5.48xlarge for a week",
    request: {
      region: "aws:eu-north-1",
      hardware: { instance: "aws:p5.48xlarge", count: 2 },
      duration_hours: 168,
      utilization: 0.7,
      cost: { amount: 33000, currency: "USD" },
    },
  },
  {
    name: "Only a bill",
    about: "nothing known but the price",
    request: { region: "US", cost: { amount: 12500, currency: "USD" } },
  },
];
