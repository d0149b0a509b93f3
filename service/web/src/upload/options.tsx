// What can be said beside a file, by its format.
import { SelectField, TextField } from "../parts/fields.tsx";
import type { Json } from "../workload/request.ts";
import type { FieldName, Format, Given } from "./formats.ts";

const CHOICES: Partial<Record<FieldName, readonly (readonly [string | undefined, string])[]>> = {
  allocation: [
    [undefined, "as the service does (time)"],
    ["time", "time"],
    ["utilization", "utilization"],
    ["physical", "physical"],
    ["economic", "economic"],
  ],
  unit: [
    [undefined, "as its name says"],
    ...["watts", "kilowatts", "milliwatts", "microwatts", "joules", "watt_hours", "kilowatt_hours"].map((unit) => [unit, unit.replaceAll("_", " ")] as const),
  ],
  level: [
    [undefined, "as its name says"],
    ["component", "the chips alone"],
    ["it", "the whole server or rack"],
    ["facility", "the whole building"],
  ],
};

const WORDS: Record<FieldName, { label: string; hint: string; placeholder?: string }> = {
  region: { label: "Where it ran", hint: "Region or country, for records that do not say it.", placeholder: "aws:eu-west-1, DE" },
  tz: { label: "Time zone of its times", hint: "Where they state none; else UTC is taken, and said.", placeholder: "Europe/Paris" },
  instance: { label: "Cloud instance type", hint: "Where it ran on one.", placeholder: "p4d.24xlarge" },
  allocation: { label: "Hardware falls on a run by", hint: "Making of the hardware." },
  host_overhead_ratio: { label: "Energy beside the metered", hint: "Of the host, as a part of what the file states.", placeholder: "0.25" },
  cost: { label: "What it cost", hint: "For a file of one run (JSON); with its currency." },
  currency: { label: "Currency", hint: "ISO 4217.", placeholder: "USD" },
  unit: { label: "Unit of the readings", hint: "Where no name says it." },
  level: { label: "What was metered", hint: "Where no name says it." },
};

const FIRST = new Set<FieldName>(["region", "tz", "unit"]);

export function Options({ format, given, change }: { format: Format; given: Given; change: (given: Given) => void }) {
  if (format.fields.length === 0) return null;
  const field = (name: FieldName) => {
    const { label, hint, placeholder } = WORDS[name];
    const onValue = (value: Json | undefined) => {
      const { [name]: _, ...others } = given;
      change(value === undefined ? others : { ...others, [name]: String(value) });
    };
    const about = { pointer: `/${name}`, label, hint, value: given[name], onValue };
    const choices = CHOICES[name];
    return choices ? <SelectField {...about} options={choices} /> : <TextField {...about} {...(placeholder ? { placeholder } : {})} />;
  };
  const first = format.fields.filter((name) => FIRST.has(name));
  const others = format.fields.filter((name) => !FIRST.has(name));
  return (
    <>
      <div class="upload-options">{first.map(field)}</div>
      {others.length > 0 && (
        <details class="more">
          <summary>More about it</summary>
          <div class="upload-options">{others.map(field)}</div>
        </details>
      )}
    </>
  );
}
