// The answer as files. The service keeps nothing, so the file is sent again for every form.
import type { Format } from "./formats.ts";

export interface Form {
  name: string;
  accept: string;
  ending: string;
}

const MAP: Form = { name: "Map for kepler.gl", accept: "application/vnd.kepler.gl+json", ending: "kepler.json" };
const GEO_JSON: Form = { name: "GeoJSON", accept: "application/geo+json", ending: "geojson" };

export function formsOf(format: Format): Form[] {
  return format.id === "focus"
    ? [
        { name: "Bill with figures (CSV)", accept: "text/csv", ending: "carbon.csv" },
        { name: "Bill with figures (Parquet)", accept: "application/vnd.apache.parquet", ending: "carbon.parquet" },
        { name: "Sums (JSON)", accept: "application/json", ending: "carbon.json" },
        MAP,
        GEO_JSON,
      ]
    : [
        { name: "Results (CSV)", accept: "text/csv", ending: "carbon.csv" },
        { name: "Results (JSON)", accept: "application/json", ending: "carbon.json" },
        MAP,
        GEO_JSON,
      ];
}

/** The name of a file to save, from that of the file that was sent. */
export const savedAs = (name: string, form: Form) => `${name.replace(/\.[a-z]+$/i, "")}.${form.ending}`;

export function Downloads({ format, save, busy, told }: { format: Format; save: (form: Form) => void; busy: boolean; told: string }) {
  return (
    <div class="take" role="group" aria-label="Save the answer">
      {formsOf(format).map((form) => (
        <button type="button" class="button" disabled={busy} onClick={() => save(form)}>
          {form.name}
        </button>
      ))}
      <span class="told" role="status">
        {told}
      </span>
    </div>
  );
}
