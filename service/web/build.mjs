// Makes static/ from src/: the same bytes from the same sources and packages, whenever and wherever it runs.
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import countries from "i18n-iso-countries";
import { quantize } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "static");
const LEAST_TRIANGLE = 0.005; // square degrees: finer bends of a coast are left out
const GRID = 10_000; // steps across the world: 0.036 degrees of longitude

/** Country outlines of Natural Earth (public domain), named by ISO 3166 alpha-2; Antarctica is left out. */
function outlines() {
  const world = JSON.parse(readFileSync(join(here, "node_modules/world-atlas/countries-50m.json"), "utf8"));
  delete world.objects.land;
  const kept = world.objects.countries;
  kept.geometries = kept.geometries
    .filter((country) => country.id !== "010")
    .map(({ id, properties, ...shape }) => ({
      ...shape,
      properties: { name: (id && countries.numericToAlpha2(id)) ?? properties.name },
    }));
  const bends = presimplify(world);
  return quantize(simplify(bends, LEAST_TRIANGLE), GRID);
}

const outlinesPlugin = {
  name: "outlines",
  setup(build) {
    build.onResolve({ filter: /^outlines$/ }, () => ({ path: "outlines", namespace: "outlines" }));
    build.onLoad({ filter: /.*/, namespace: "outlines" }, () => ({ contents: JSON.stringify(outlines()), loader: "json" }));
  },
};

/** The licences of all packages that went into the bundle. */
function licences(inputs) {
  const names = new Set(["world-atlas"]);
  for (const path of Object.keys(inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) names.add(found[1]);
  }
  return [...names]
    .sort()
    .map((name) => {
      const folder = join(here, "node_modules", name);
      const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const texts = readdirSync(folder, { recursive: true })
        .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) && statSync(join(folder, file)).isFile())
        .sort()
        .map((file) => readFileSync(join(folder, file), "utf8").trim());
      return [`${about.name} ${about.version} (${about.license})`, ...texts].join("\n\n");
    })
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.tsx", style: "src/style.css" },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [outlinesPlugin],
  metafile: true,
  logLevel: "warning",
});

const files = Object.entries(built.metafile.outputs).map(([path, about]) => ({ ...about, name: path.split("/").pop() }));
const entry = (source) => files.find((file) => file.entryPoint === source).name;
const needed = files
  .find((file) => file.entryPoint === "src/main.tsx")
  .imports.filter(({ kind }) => kind === "import-statement")
  .map(({ path }) => `<link rel="modulepreload" href="/assets/${path.split("/").pop()}">`);
const page = readFileSync(join(here, "src/index.html"), "utf8")
  .replace("STYLE", `/assets/${entry("src/style.css")}`)
  .replace("NEEDED", needed.sort().join("\n"))
  .replace("SCRIPT", `/assets/${entry("src/main.tsx")}`);
writeFileSync(join(out, "index.html"), page);
writeFileSync(join(out, "THIRD-PARTY.txt"), `${licences(built.metafile.inputs)}\n`);
