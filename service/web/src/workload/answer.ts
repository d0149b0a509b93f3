// What the service answers, as far as the page reads it. Names are those of the interface (openapi.json).
export type Grade = "A" | "B" | "C" | "D" | "E";
export type Basis = "location_based" | "market_based";
export const BASES: Basis[] = ["location_based", "market_based"];

export interface Figure {
  kg_co2e: number;
  low_kg_co2e: number;
  high_kg_co2e: number;
  grade: Grade;
  workload_scope: string;
  inventory_category: string;
  formula: string;
  sources: string[];
  derivation?: string;
}

export interface FuelAndEnergy extends Figure {
  upstream: Figure | null;
  td_losses: Figure | null;
}

export interface AppliedInstrument {
  id: string;
  type: string;
  applied_kwh: number;
  kg_co2e: number;
  accepted: boolean;
  reason: string | null;
  unverified: string[];
}

export interface MarketBased extends Figure {
  coverage_share: number;
  covered_kwh: number;
  uncovered_kwh: number;
  instruments: AppliedInstrument[];
}

export interface Total {
  kg_co2e: number;
  low_kg_co2e: number;
  high_kg_co2e: number;
  grade: Grade;
  worst_grade: Grade;
  primary_data_share: number;
  missing: string[];
  derivation?: string;
}

export interface Alternative {
  method: string;
  embodied_kg_co2e: number | null;
  unallocated_kg_co2e: number | null;
  infrastructure_kg_co2e: number | null;
  code: string | null;
}

export interface Intensity {
  unit: string;
  count: number;
  sci_g_co2e: number | null;
  full_g_co2e: number | null;
}

export interface Source {
  id: string;
  kind: string;
  zone: string | null;
  value: number;
  unit: string;
  year: number | null;
  publisher: string;
  title: string;
  edition: string | null;
  url: string | null;
  license: string | null;
  match: string;
  grade: Grade;
  note: string | null;
}

export interface Warning {
  code: string;
  severity: "info" | "warning";
  detail: string;
  pointer: string;
}

export interface Answer {
  id: string | null;
  region: { id: string; name: string; provider: string | null; country: string | null; grid: string | null } | null;
  deployment: string;
  factor_year: number | null;
  energy: {
    component_kwh: number | null;
    it_kwh: number | null;
    facility_kwh: number | null;
    low_kwh: number | null;
    high_kwh: number | null;
    pue: number | null;
    tier: number;
    grade: Grade;
    formula: string;
    sources: string[];
    derivation?: string;
  };
  scope2: { location_based: Figure | null; market_based: MarketBased | null };
  scope3: {
    fuel_and_energy: { location_based: FuelAndEnergy | null; market_based: FuelAndEnergy | null } | null;
    embodied: Figure | null;
    infrastructure: Figure | null;
    spend_based: Figure | null;
  };
  totals: { location_based: Total | null; market_based: Total | null };
  allocation: { method: string; alternatives: Alternative[] };
  intensities: Intensity[];
  methodology: { id: string; version: string; factor_set: { id: string; version: string }; fingerprint: string };
  sources: Source[] | null;
  warnings: Warning[];
}
