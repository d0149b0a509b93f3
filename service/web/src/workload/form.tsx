// The form: five questions in plain words, and behind them everything else that a workload may say.
import { useContext } from "preact/hooks";
import { NumberField, SelectField, TextField } from "../parts/fields.tsx";
import type { Region } from "./catalog.ts";
import { Form, useValue } from "./form_state.ts";
import { Instruments } from "./instruments.tsx";
import { HardwarePicker, RegionPicker } from "./pickers.tsx";
import { at, put } from "./request.ts";
import { Units } from "./units.tsx";

const LEVELS = [
  [undefined, "at the plug"],
  ["component", "by chip sensors"],
  ["facility", "whole building"],
] as const;
const DEPLOYMENTS = [
  [undefined, "by the region: cloud or owned"],
  ["cloud", "a cloud provider's"],
  ["owned", "ours, in our building"],
  ["colocated", "ours, in another's building"],
  ["leased", "machines and building of another"],
] as const;
const METHODS = [
  [undefined, "not named (time is taken)"],
  ["time", "time: hours of its life"],
  ["utilization", "utilization: the part that was used"],
  ["physical", "physical: metered resource-hours"],
  ["economic", "economic: by cost"],
] as const;
const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR", "CNY"].map((code) => [code, code] as const);
const POLICIES = [
  [undefined, "count what is not attested, one grade lower"],
  ["strict", "reject what is not attested"],
] as const;
const CLAIMS = [
  [undefined, "leave the provider's own claims out"],
  [true, "count the provider's own claims"],
] as const;

export function WorkloadForm({ regions }: { regions: Region[] }) {
  return (
    <div class="form">
      <RegionPicker regions={regions} />
      <HardwarePicker />
      <div class="row">
        <Machines />
        <NumberField {...useValue("/duration_hours")} label="How long?" unit="h" />
      </div>
      <Energy />
      <div class="row">
        <NumberField {...useValue("/utilization")} label="How busy?" placeholder="0 to 1" />
        <Cost />
      </div>
      <details class="more">
        <summary>
          Electricity bought: certificates, contracts <Mark pointers={["/instruments", "/market"]} />
        </summary>
        <Instruments />
        <SelectField {...useValue("/market/quality_policy")} label="What is not attested" options={POLICIES} />
        <SelectField {...useValue("/market/provider_claims")} label="What the cloud provider claims" options={CLAIMS} />
      </details>
      <details class="more">
        <summary>
          Share of the hardware: allocation <Mark pointers={["/allocation", "/usage", "/hardware/share", "/hardware/lifetime_years"]} />
        </summary>
        <SelectField {...useValue("/allocation/method")} label="Method" options={METHODS} hint="How the making of the hardware falls on this workload" />
        <div class="row">
          <NumberField {...useValue("/hardware/share")} label="Part of the machine" hint="0 to 1" />
          <NumberField {...useValue("/hardware/lifetime_years")} label="Service life" unit="years" />
        </div>
        <div class="row">
          <NumberField {...useValue("/usage/gpu_hours")} label="GPU-hours metered" unit="h" />
          <NumberField {...useValue("/usage/vcpu_hours")} label="vCPU-hours metered" unit="h" />
        </div>
      </details>
      <details class="more">
        <summary>
          When, and whose machines <Mark pointers={["/period", "/deployment"]} />
        </summary>
        <div class="row">
          <TextField {...useValue("/period/start")} label="From" placeholder="2025-01-01" />
          <TextField {...useValue("/period/end")} label="Up to" placeholder="2025-02-01" hint="not counted itself" />
        </div>
        <SelectField {...useValue("/deployment")} label="Machines and building" options={DEPLOYMENTS} />
      </details>
      <details class="more">
        <summary>
          Your own factors <Mark pointers={["/factors", "/pue"]} />
        </summary>
        <div class="row">
          <NumberField {...useValue("/pue")} label="PUE" hint="facility energy over IT energy" />
          <NumberField {...useValue("/host_overhead_ratio")} label="Host overhead" hint="host energy over accelerator energy" />
        </div>
        <NumberField {...useValue("/factors/location_kg_co2e_per_kwh")} label="Grid intensity" unit="kg CO₂e/kWh" />
        <NumberField {...useValue("/factors/residual_kg_co2e_per_kwh")} label="Residual mix" unit="kg CO₂e/kWh" />
        <NumberField {...useValue("/factors/upstream_kg_co2e_per_kwh")} label="Upstream of the fuels" unit="kg CO₂e/kWh" />
        <NumberField {...useValue("/hardware/embodied_kg_co2e")} label="Making of one machine" unit="kg CO₂e" />
      </details>
      <details class="more">
        <summary>
          What it produced: figures per unit <Mark pointers={["/functional_units"]} />
        </summary>
        <Units />
      </details>
    </div>
  );
}

/** Says of a closed part that something stands in it. */
function Mark({ pointers }: { pointers: string[] }) {
  const { request } = useContext(Form);
  const set = pointers.some((pointer) => at(request, pointer) !== undefined);
  return set ? <span class="set">set</span> : null;
}

function Machines() {
  const { request } = useContext(Form);
  const accelerators = useValue("/hardware/accelerators");
  const count = useValue("/hardware/count");
  const one = at(request, "/hardware/instance") !== undefined || at(request, "/hardware/server") !== undefined;
  return one ? (
    <NumberField {...count} label="How many?" placeholder="1" />
  ) : (
    <NumberField {...accelerators} label="How many?" placeholder="1" />
  );
}

function Energy() {
  const { request, change } = useContext(Form);
  const kwh = useValue("/energy/kwh");
  const level = useValue("/energy/level");
  const series = (["hourly_kwh", "power_samples"] as const).find((name) => at(request, `/energy/${name}`) !== undefined);
  if (series) {
    return (
      <div class="field">
        <p class="label">Energy</p>
        <p class="hint">This request has a series of readings ({series}); it can be changed as JSON.</p>
        <button type="button" class="quiet-button" onClick={() => change(put(request, "/energy", undefined))}>
          Send one number instead
        </button>
      </div>
    );
  }
  return (
    <div class="row energy">
      <NumberField
        {...kwh}
        onValue={(value) => change(value === undefined ? put(request, "/energy", undefined) : put(request, "/energy/kwh", value))}
        label="Energy metered"
        unit="kWh"
        hint={kwh.value === undefined ? "Empty: it is modeled from the hardware, its hours and how busy it was" : undefined}
      />
      {kwh.value !== undefined && <SelectField {...level} label="Metered where?" options={LEVELS} />}
    </div>
  );
}

function Cost() {
  const { request, change } = useContext(Form);
  const amount = useValue("/cost/amount");
  const currency = useValue("/cost/currency");
  const set = (value: typeof amount.value) =>
    change(value === undefined ? put(request, "/cost", undefined) : put(request, "/cost", { currency: currency.value ?? "USD", amount: value }));
  return (
    <div class="pair">
      <NumberField {...amount} onValue={set} label="What did it cost?" unit={amount.value === undefined ? "USD" : undefined} />
      {amount.value !== undefined && <SelectField {...currency} label="Currency" options={CURRENCIES} />}
    </div>
  );
}
