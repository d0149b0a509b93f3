// Contractual instruments: certificates, contracts, tariffs.
import { useContext } from "preact/hooks";
import { NumberField, SelectField, TextField } from "../parts/fields.tsx";
import { useField } from "./faults.ts";
import { Form, useValue } from "./form_state.ts";
import { at, put, type Json } from "./request.ts";

const TYPES = [
  ["go", "Guarantee of Origin (Europe)"],
  ["rec", "Renewable Energy Certificate (North America)"],
  ["rego", "REGO (Great Britain)"],
  ["i-rec", "I-REC"],
  ["granular", "Hourly certificate"],
  ["ppa", "Power purchase agreement"],
  ["vppa", "Virtual power purchase agreement"],
  ["contract", "Contract without certificates"],
  ["green_tariff", "Green tariff"],
  ["supplier_rate", "Supplier's rate"],
  ["provider_cfe", "Provider's carbon-free share"],
  ["carbon_credit", "Carbon credit (never counted)"],
] as const;
const TECHNOLOGIES = [[undefined, "not said"], ...["wind", "solar", "hydro", "nuclear", "biomass"].map((name) => [name, name] as const)] as const;
const ANSWERS = [
  [undefined, "not said"],
  [true, "yes"],
  [false, "no"],
] as const;
const MOST = 1000;

export function Instruments() {
  const { request, change } = useContext(Form);
  const sent = at(request, "/instruments");
  const list = Array.isArray(sent) ? sent : [];
  const { faults } = useField("/instruments");
  const add = () => {
    const ids = new Set(list.map((item) => at(item, "/id")));
    let number = list.length + 1;
    while (ids.has(`certificate ${number}`)) number += 1;
    const fresh: Json = { id: `certificate ${number}`, type: "go", percent: 50, technology: "wind" };
    change(put(request, "/instruments", [...list, fresh]));
  };
  return (
    <div class="instruments" id="field-instruments" tabIndex={-1}>
      {list.map((_, index) => (
        <Instrument index={index} />
      ))}
      {faults.map((fault) => (
        <p class="fault">{fault.detail}</p>
      ))}
      {list.length < MOST && (
        <button type="button" class="quiet-button" onClick={add}>
          Add {list.length ? "another" : "a certificate or contract"}
        </button>
      )}
    </div>
  );
}

function Instrument({ index }: { index: number }) {
  const { request, change } = useContext(Form);
  const here = `/instruments/${index}`;
  const percent = useValue(`${here}/percent`);
  const kwh = useValue(`${here}/kwh`);
  const byKwh = kwh.value !== undefined;
  const name = String(at(request, `${here}/id`) ?? "");
  const quantity = (value: Json | undefined) => {
    const unit = value === "kwh";
    const amount = unit ? percent.value : kwh.value;
    change(put(put(request, `${here}/${unit ? "percent" : "kwh"}`, undefined), `${here}/${unit ? "kwh" : "percent"}`, amount ?? ""));
  };
  return (
    <fieldset>
      <legend>{name || `Instrument ${index + 1}`}</legend>
      <SelectField {...useValue(`${here}/type`)} label="What is it?" options={TYPES} />
      <div class="row">
        {byKwh ? <NumberField {...kwh} label="How much?" /> : <NumberField {...percent} label="How much?" />}
        <SelectField
          pointer={`${here}/quantity`}
          label="Of what?"
          value={byKwh ? "kwh" : "percent"}
          onValue={quantity}
          options={[
            ["percent", "% of the consumption"],
            ["kwh", "kWh"],
          ]}
        />
      </div>
      <div class="row">
        <SelectField {...useValue(`${here}/technology`)} label="Made from" options={TECHNOLOGIES} />
        <NumberField {...useValue(`${here}/kg_co2e_per_kwh`)} label="Its rate" unit="kg/kWh" />
      </div>
      <details>
        <summary>Proof: what a reviewer asks for</summary>
        <div class="row">
          <TextField {...useValue(`${here}/id`)} label="Name" />
          <TextField {...useValue(`${here}/serial`)} label="Serial" />
        </div>
        <div class="row">
          <SelectField {...useValue(`${here}/retired`)} label="Retired for you" options={ANSWERS} />
          <NumberField {...useValue(`${here}/vintage_year`)} label="Year of generation" />
        </div>
        <div class="row">
          <TextField {...useValue(`${here}/market`)} label="Market" placeholder="DE" />
          <SelectField {...useValue(`${here}/attributes_transferred`)} label="Attributes transferred" options={ANSWERS} />
        </div>
      </details>
      <button type="button" class="quiet-button" onClick={() => change(put(request, here, undefined))}>
        Remove<span class="unseen"> {name}</span>
      </button>
    </fieldset>
  );
}
