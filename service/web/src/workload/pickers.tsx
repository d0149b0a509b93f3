// Region and hardware: fields that know the service's lists.
import { useContext, useState } from "preact/hooks";
import { Combobox, type Option } from "../parts/combobox.tsx";
import { intensity, number } from "../format.ts";
import { countryName, matching, PROVIDERS, regionName, useHardware, type Hardware, type Region } from "./catalog.ts";
import { Form, useValue } from "./form_state.ts";
import { at, put } from "./request.ts";

const MOST = 60;

function groupOf(region: Region): string {
  if (region.provider) return PROVIDERS[region.provider] ?? region.provider;
  return region.id.includes("-") ? "Grid zones and states" : "Countries";
}

const GROUPS = [...Object.values(PROVIDERS), "Countries", "Grid zones and states"];

export function RegionPicker({ regions }: { regions: Region[] }) {
  const region = useValue("/region");
  const value = typeof region.value === "string" ? region.value : "";
  const chosen = regions.find((known) => known.id.toLowerCase() === value.toLowerCase());
  const options = (text: string): Option[] =>
    matching(regions, text, (known) => `${known.id} ${known.name} ${known.provider ? (PROVIDERS[known.provider] ?? "") : ""} ${known.country ? countryName(known.country) : ""}`, MOST)
      .map((known) => ({
        id: known.id,
        name: known.provider ? regionName(known) : `${known.name}`,
        aside: `${known.id} · ${known.location ? intensity(known.location.value) : "no figure"}`,
        group: groupOf(known),
      }))
      .sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group));
  return (
    <Combobox
      pointer="/region"
      label="Where did it run?"
      placeholder="Cloud region, country or grid zone"
      hint={chosen ? chosen.location && `${chosen.provider ? `${countryName(chosen.country ?? "")}, grid ${chosen.grid ?? "not certain"}: ` : "Grid: "}${intensity(chosen.location.value)}` : undefined}
      value={value}
      shown={chosen ? regionName(chosen) : value}
      options={options}
      onChoose={(option) => region.onValue(option.id)}
      onWritten={(text) => region.onValue(text || undefined)}
    />
  );
}

const KINDS = { accelerator: "Accelerators", archetype: "Whole servers", instance: "Cloud instances" };
const FIELDS = { accelerator: "/hardware/accelerator", archetype: "/hardware/server", instance: "/hardware/instance" };
type Kind = keyof typeof KINDS;

function about(item: Hardware): string {
  const parts = [
    item.provider && (PROVIDERS[item.provider] ?? item.provider),
    item.vcpus && `${number(item.vcpus)} vCPU`,
    item.accelerators && `${number(item.accelerators)} × ${item.accelerator}`,
    item.tdp_w && `${number(item.tdp_w)} W`,
    item.kind === "accelerator" && item.id,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Accelerators of one name differ in memory or form: say which. */
function deviceName(item: Hardware): string {
  const name = item.name.replace(/^(\w+) \1/, "$1");
  const more = item.kind === "accelerator" ? [item.form_factor, item.memory_gb && `${number(item.memory_gb)} GB`] : [];
  return [name, ...more.filter((part) => part && !name.toLowerCase().includes(String(part).toLowerCase()))].join(" ");
}

export function HardwarePicker() {
  const { request, change } = useContext(Form);
  const [text, setText] = useState("");
  const sent = at(request, FIELDS.instance);
  const items = useHardware(text || (typeof sent === "string" ? sent.replace(/^[a-z]+:/, "") : ""));
  const kind = (Object.keys(FIELDS) as Kind[]).find((name) => at(request, FIELDS[name]) !== undefined);
  const value = kind ? String(at(request, FIELDS[kind])) : "";
  const wanted = value.toLowerCase();
  const chosen = items.find((item) => item.kind === kind && [item.id, ...item.aliases].some((name) => name.toLowerCase() === wanted));
  const set = (name: Kind | null, id: string | undefined) => {
    let next = request;
    for (const pointer of Object.values(FIELDS)) next = put(next, pointer, undefined);
    if (name !== "accelerator") next = put(next, "/hardware/accelerators", undefined);
    if (name) next = put(next, FIELDS[name], id);
    change(next);
  };
  const options = (typed: string): Option[] =>
    matching(items, typed, (item) => `${item.name} ${item.id} ${item.aliases.join(" ")} ${item.provider ?? ""}`, MOST)
      .map((item) => ({ id: item.id, name: deviceName(item), aside: about(item), group: KINDS[item.kind] }))
      .sort((one, other) => one.group.localeCompare(other.group));
  return (
    <Combobox
      pointer={kind ? FIELDS[kind] : "/hardware/accelerator"}
      label="On what?"
      placeholder="GPU, cloud instance or server"
      hint={chosen ? about(chosen) : undefined}
      value={value}
      shown={chosen ? deviceName(chosen) : value}
      options={options}
      onText={setText}
      onChoose={(option) => set((Object.keys(KINDS) as Kind[]).find((name) => KINDS[name] === option.group) ?? null, option.id)}
      onWritten={(typed) => (typed ? set(kind ?? (/\d\w*\.\w|_/.test(typed) ? "instance" : "accelerator"), typed) : set(null, undefined))}
    />
  );
}
