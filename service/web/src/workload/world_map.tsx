// The map: countries and cloud regions colored by the carbon intensity of their grid. Loaded when it comes into view.
import { geoNaturalEarth1Raw } from "d3-geo";
import type { ECharts } from "echarts/core";
import { useEffect, useMemo, useRef } from "preact/hooks";
import outlines from "outlines";
import { feature } from "topojson-client";
import type { FeatureCollection, Position } from "geojson";
import type { GeometryCollection } from "topojson-specification";
import { Chart, isWide } from "../charts/chart.tsx";
import { echarts } from "../charts/library.ts";
import { intensity, massWithUnit } from "../format.ts";
import { color, colorAt, intensityStops, scheme, useScheme } from "../theme.ts";
import type { Basis } from "./answer.ts";
import { countryName, regionName, type Region } from "./catalog.ts";
import type { Place } from "./places.ts";

export interface WorldMapProps {
  regions: Region[];
  places: Place[] | null;
  basis: Basis;
  /** Id of the region of the request. */
  here: string | null;
  onChoose: (id: string) => void;
}

const DARKEST = 0.8; // kg CO2e/kWh from which all is of one color
const DEGREE = Math.PI / 180;
const ASPECT = 2.05; // of the chart, as the style sheet has it
const MOST_ZOOM = 16;
/** A finger scrolls the page over the map, until it is magnified; a mouse moves the map at once. */
const isPrecise = () => matchMedia("(pointer: fine)").matches;
const projection = {
  project: ([longitude, latitude]: [number, number]) => {
    const [x, y] = geoNaturalEarth1Raw(longitude * DEGREE, latitude * DEGREE);
    return [x / DEGREE, -y / DEGREE];
  },
  unproject: ([x, y]: [number, number]) => {
    const [longitude, latitude] = geoNaturalEarth1Raw.invert!(x * DEGREE, -y * DEGREE);
    return [longitude / DEGREE, latitude / DEGREE];
  },
};

/** A ring that crosses the 180th meridian goes on beyond it, instead of back around the world. */
function unbroken(ring: Position[]): Position[] {
  let turn = 0;
  return ring.map(([longitude, latitude], index) => {
    const before = ring[index - 1]?.[0] ?? longitude!;
    if (longitude! - before > 180) turn -= 360;
    if (longitude! - before < -180) turn += 360;
    return [longitude! + turn, latitude!];
  });
}

function world(): FeatureCollection {
  const { features, ...rest } = feature(outlines, outlines.objects["countries"] as GeometryCollection);
  for (const { geometry } of features) {
    if (geometry.type === "Polygon") geometry.coordinates = geometry.coordinates.map(unbroken);
    if (geometry.type === "MultiPolygon") geometry.coordinates = geometry.coordinates.map((rings) => rings.map(unbroken));
  }
  return { ...rest, features };
}

echarts.registerMap("world", { geoJSON: world() as never, specialAreas: {} });

export function WorldMap({ regions, places, basis, here, onChoose }: WorldMapProps) {
  const chart = useRef<ECharts | null>(null);
  const zoom = useRef(1);
  const kg = useMemo(() => new Map(places?.map((place) => [place.region.id, place.kg[basis]])), [places, basis]);
  const points = useMemo(() => regions.filter((region) => region.latitude !== null && region.longitude !== null && region.location), [regions]);
  const countries = useMemo(() => new Map(regions.filter((region) => region.provider === null).map((region) => [region.id, region])), [regions]);
  const at = points.find((region) => region.id === here);

  const tip = (region: Region | undefined, name: string) => {
    if (!region?.location) return `${name}\nno figure`;
    const job = kg.get(region.id);
    return `${name}\ngrid ${intensity(region.location.value)}${job === undefined ? "" : `\nthis job ${massWithUnit(job)} CO₂e`}`;
  };
  const option = () => {
    const stops = intensityStops(scheme());
    const shade = (region: Region) => colorAt(stops, region.location!.value / DARKEST);
    const countryAt = regions.find((region) => region.id === here)?.country;
    return {
      geo: {
        map: "world",
        projection,
        roam: zoom.current > 1 || isPrecise() ? "move" : false,
        scaleLimit: { min: 1, max: MOST_ZOOM },
        layoutCenter: ["50%", "50%"],
        layoutSize: `${100 * ASPECT}%`, // of the height, which is the shorter side
        label: { show: false },
        itemStyle: { areaColor: color("--land"), borderColor: color("--sea"), borderWidth: 0.5 },
        emphasis: { label: { show: false }, itemStyle: { borderColor: color("--ink"), borderWidth: 1.5, areaColor: undefined } },
        select: { disabled: true },
        regions: [...countries.values()].map((region) => ({
          name: region.id,
          itemStyle: region.location ? { areaColor: shade(region), ...(region.id === countryAt && !at ? { borderColor: color("--ink"), borderWidth: 2 } : {}) } : {},
          emphasis: region.location ? { itemStyle: { areaColor: shade(region) } } : {},
        })),
        tooltip: { show: true, formatter: ({ name }: { name: string }) => tip(countries.get(name), /^[A-Z]{2}$/.test(name) ? countryName(name) : name) },
      },
      series: [
        {
          type: "scatter",
          coordinateSystem: "geo",
          symbolSize: isWide() ? 9 : 5,
          data: points.map((region) => ({
            name: region.id,
            value: [region.longitude, region.latitude],
            itemStyle: { color: shade(region), borderColor: color("--paper"), borderWidth: 1.25, shadowColor: color("--ink"), shadowBlur: 1.5 },
          })),
          emphasis: { scale: 1.5, itemStyle: { borderColor: color("--ink") } },
          tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => tip(points[dataIndex], regionName(points[dataIndex]!)) },
        },
        {
          type: "scatter",
          coordinateSystem: "geo",
          silent: true,
          z: 5,
          symbolSize: isWide() ? 20 : 14,
          data: at ? [{ name: at.id, value: [at.longitude, at.latitude] }] : [],
          itemStyle: { color: "transparent", borderColor: color("--ink"), borderWidth: 2.5 },
        },
      ],
    };
  };
  const pick = ({ name, componentType }: { name: string; componentType: string }) => {
    if (componentType === "series" || countries.has(name)) onChoose(name);
  };
  const magnify = (by: number) => {
    zoom.current = by === 0 ? 1 : Math.min(MOST_ZOOM, Math.max(1, zoom.current * by));
    const center = by === 0 ? null : at && zoom.current > 1 ? projection.project([at.longitude!, at.latitude!]) : undefined;
    const roam = zoom.current > 1 || isPrecise() ? "move" : false;
    chart.current?.setOption({ geo: { zoom: zoom.current, roam, ...(center === undefined ? {} : { center }) } });
  };
  const now = useScheme();
  useEffect(() => {
    zoom.current = 1; // a map that is drawn anew shows the world
  }, [now]);
  return (
    <div class="map">
      <Chart
        label="Map of the world: countries and cloud regions by the carbon intensity of their grid. The list of all places below has the same figures, and chooses a place."
        class="map-chart"
        option={option}
        inputs={[regions, places, basis, here]}
        onPick={pick}
        onReady={(made) => {
          chart.current = made;
        }}
        keep
      />
      <div class="under-map">
        <div class="scale">
          <span>0</span>
          <span class="scale-bar" aria-hidden="true" />
          <span>{intensity(DARKEST)} and more</span>
        </div>
        <div class="map-buttons">
          <button type="button" onClick={() => magnify(2)} aria-label="Closer">
            +
          </button>
          <button type="button" onClick={() => magnify(0.5)} aria-label="Farther">
            −
          </button>
          <button type="button" onClick={() => magnify(0)} aria-label="The whole world">
            ⤢
          </button>
        </div>
      </div>
    </div>
  );
}
