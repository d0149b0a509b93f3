// The same job in other places: a map of the world's grids, the ten places that emit least, and all of them as a list.
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Chart, isWide } from "../charts/chart.tsx";
import { difference, intensity, mass, massUnit, massWithUnit } from "../format.ts";
import { Choice } from "../parts/choice.tsx";
import { lazily } from "../lazily.tsx";
import { color } from "../theme.ts";
import type { Answer, Basis } from "./answer.ts";
import { countryName, matching, PROVIDERS, regionName, type Region } from "./catalog.ts";
import { Form } from "./form_state.ts";
import { usePlaces, type Place } from "./places.ts";
import { put, type Request } from "./request.ts";
import type { WorldMapProps } from "./world_map.tsx";

const WorldMap = lazily<WorldMapProps>(async () => (await import("./world_map.tsx")).WorldMap);
const TOP = 10;
const FIRST_ROWS = 100;
type Kind = "cloud" | "country" | string;

export function Elsewhere({ answer, request, regions }: { answer: Answer; request: Request; regions: Region[] }) {
  const { request: now, change } = useContext(Form);
  const section = useRef<HTMLElement>(null);
  const near = useNear(section);
  const seen = useRef<Request | null>(null); // the newest request that somebody wanted to see elsewhere
  if (near) seen.current = request;
  const { places, loading, fault, without } = usePlaces(request, regions, seen.current === request);
  const [basis, setBasis] = useState<Basis>("location_based");
  const [kind, setKind] = useState<Kind>("cloud");
  const here = answer.region?.id ?? null;
  const choose = (id: string) => change(put(now, "/region", id));
  const listed = useMemo(() => ranked(places ?? [], kind, basis), [places, kind, basis]);
  const best = listed.slice(0, TOP);
  const own = answer.totals[basis];
  return (
    <section class="card" aria-labelledby="elsewhere-title" aria-busy={loading} ref={section}>
      <h2 id="elsewhere-title">The same job elsewhere</h2>
      <p class="quiet">Same hardware, same energy at the server; grid and building of each place. Choose a place to run it there.</p>
      <div class="map-place">{seen.current && <WorldMap regions={regions} places={places} basis={basis} here={here} onChoose={choose} />}</div>
      <div class="choices">
        <Choice
          label="Method"
          value={basis}
          onValue={(value) => setBasis(value as Basis)}
          options={[
            ["location_based", "Location-based"],
            ["market_based", "Market-based"],
          ]}
        />
        <label class="choice-select">
          <span class="unseen">Places</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="cloud">All clouds</option>
            {Object.entries(PROVIDERS).map(([id, name]) => (
              <option value={id}>{name}</option>
            ))}
            <option value="country">Countries</option>
            <option value="zone">Grid zones and states</option>
          </select>
        </label>
      </div>
      {answer.scope3.spend_based && <p class="verdict">An estimate from cost alone is the same in every place: it holds an average grid. Send energy or hardware to compare places.</p>}
      {fault && <p class="fault">{fault}</p>}
      {!places && !fault && !answer.scope3.spend_based && <p class="quiet">Computing every place …</p>}
      {places && !answer.scope3.spend_based && (
        <div class={loading ? "stale" : ""}>
          {own && best[0] && <Verdict answer={answer} basis={basis} best={best[0]} worst={listed.at(-1)!} />}
          <TopTen places={best} basis={basis} own={own?.kg_co2e ?? null} here={answer.region} onChoose={choose} />
          {without && (
            <p class="quiet">
              {without.count} places are left out, because this request has no answer there: {without.why}.
            </p>
          )}
          <AllPlaces places={listed} basis={basis} here={here} onChoose={choose} />
        </div>
      )}
    </section>
  );
}

/** Whether an element is near the window. */
function useNear(element: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => setNear(entries.at(-1)!.isIntersecting), { rootMargin: "600px" });
    watch.observe(element.current!);
    return () => watch.disconnect();
  }, []);
  return near;
}

function ranked(places: Place[], kind: Kind, basis: Basis): Place[] {
  const wanted = ({ region }: Place) => {
    if (kind === "cloud") return region.provider !== null;
    if (kind === "country") return region.provider === null && !region.id.includes("-") && region.country === region.id;
    if (kind === "zone") return region.provider === null && region.id.includes("-");
    return region.provider === kind;
  };
  return places.filter(wanted).sort((one, other) => one.kg[basis] - other.kg[basis] || one.region.id.localeCompare(other.region.id));
}

function Verdict({ answer, basis, best, worst }: { answer: Answer; basis: Basis; best: Place; worst: Place }) {
  const own = answer.totals[basis]!.kg_co2e;
  const unit = massUnit(own, worst.kg[basis]);
  if (best.region.id === answer.region?.id) return <p class="verdict">No other place in this list would emit less.</p>;
  return (
    <p class="verdict">
      In {regionName(best.region)} it would emit <b>{massWithUnit(best.kg[basis], unit)}</b>, {difference(best.kg[basis], own)}; in {regionName(worst.region)}{" "}
      {massWithUnit(worst.kg[basis], unit)}, {difference(worst.kg[basis], own)}.
    </p>
  );
}

interface TopTenProps {
  places: Place[];
  basis: Basis;
  own: number | null;
  here: Answer["region"];
  onChoose: (id: string) => void;
}

function TopTen({ places, basis, own, here, onChoose }: TopTenProps) {
  const unit = massUnit(...places.map((place) => place.kg[basis]), own);
  const among = places.some((place) => place.region.id === here?.id);
  const rows = places.map((place) => ({ name: regionName(place.region), id: place.region.id === here?.id ? "" : place.region.id, kg: place.kg[basis] }));
  if (own !== null && !among) rows.push({ name: here ? regionName(here) : "here", id: "", kg: own });
  const option = () => ({
    grid: { left: isWide() ? 236 : 150, right: 76, top: 2, bottom: 2 },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: color("--ink"), fontSize: 12, width: isWide() ? 228 : 142, overflow: "truncate" },
    },
    series: [
      {
        type: "bar",
        barWidth: 12,
        data: rows.map((row) => ({ value: row.kg * unit.perKg, itemStyle: { borderRadius: 3, color: color(row.id ? "--part-2" : basis === "location_based" ? "--location" : "--market") } })),
        label: { show: true, position: "right", color: color("--ink"), formatter: ({ dataIndex }: { dataIndex: number }) => massWithUnit(rows[dataIndex]!.kg, unit) },
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${rows[dataIndex]!.name}\n${massWithUnit(rows[dataIndex]!.kg, unit)} CO₂e` },
      },
    ],
  });
  return (
    <>
      <h3>The {places.length} that emit least{own === null ? "" : among ? ", yours among them" : ", and yours"}</h3>
      <Chart
        label={`The places that emit least. ${rows.map((row) => `${row.name} ${massWithUnit(row.kg, unit)}`).join(", ")}.`}
        height={rows.length * 26 + 6}
        option={option}
        inputs={[places, basis, own]}
        onPick={({ dataIndex }) => rows[dataIndex]?.id && onChoose(rows[dataIndex].id)}
      />
    </>
  );
}

function AllPlaces({ places, basis, here, onChoose }: { places: Place[]; basis: Basis; here: string | null; onChoose: (id: string) => void }) {
  const [text, setText] = useState("");
  const [most, setMost] = useState(FIRST_ROWS);
  const unit = massUnit(...places.map((place) => place.kg[basis]));
  const found = matching(places, text, ({ region }) => `${region.id} ${regionName(region)} ${region.country ? countryName(region.country) : ""}`, places.length);
  const sorted = [...found].sort((one, other) => one.kg[basis] - other.kg[basis]);
  return (
    <details class="numbers">
      <summary>All {places.length} places as a list</summary>
      <input type="search" class="filter" aria-label="Find a place in the list" placeholder="Find a place" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <div class="scroll tall" tabIndex={0} role="region" aria-label="All places">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col" class="amount">
                Grid
              </th>
              <th scope="col" class="amount">
                This job, {unit.name}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((place) => (
              <tr aria-current={place.region.id === here ? "true" : undefined}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => onChoose(place.region.id)}>
                    {regionName(place.region)}
                  </button>{" "}
                  <small>{place.region.country ? countryName(place.region.country) : ""}</small>
                </th>
                <td class="amount">{place.region.location ? intensity(place.region.location.value) : "–"}</td>
                <td class="amount">
                  {mass(place.kg[basis], unit)} <small>{place.grade[basis]}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > most && (
        <button type="button" class="quiet-button" onClick={() => setMost(most + FIRST_ROWS * 5)}>
          Show more
        </button>
      )}
    </details>
  );
}
