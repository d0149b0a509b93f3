// Figures for each unit of what was made.
import { number } from "../format.ts";
import type { Intensity } from "./answer.ts";

const GPU_HOUR = "gpu_hour";

export function PerUnit({ intensities }: { intensities: Intensity[] }) {
  if (intensities.length === 0) return null;
  return (
    <section class="card" aria-labelledby="units-title">
      <h2 id="units-title">For each unit</h2>
      <p class="quiet">Grams of CO₂e, location-based. The first figure (SCI) has electricity and hardware; the second has everything above.</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">A</th>
            <th scope="col" class="amount">
              SCI, g
            </th>
            <th scope="col" class="amount">
              All of it, g
            </th>
          </tr>
        </thead>
        <tbody>
          {intensities.map((one) => (
            <tr>
              <th scope="row">
                {one.unit === GPU_HOUR ? "GPU-hour" : one.unit} <small>of {number(one.count)}</small>
              </th>
              <td class="amount">{one.sci_g_co2e === null ? "–" : number(one.sci_g_co2e)}</td>
              <td class="amount">{one.full_g_co2e === null ? "–" : number(one.full_g_co2e)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
