// Reads files as kepler.gl does when they are dropped on it, and prints what it made of them, one JSON line a file.
//   node load.js csv|geojson|map FILE …
'use strict';
const {readFileSync} = require('node:fs');
const {processCsvData, processGeojson, isKeplerGlMap} = require('@kepler.gl/processors');
const {KeplerGlSchema} = require('@kepler.gl/schemas');
const {KeplerTable} = require('@kepler.gl/table');
const {validateFiltersUpdateDatasets} = require('@kepler.gl/utils');

const summary = ({fields, rows}) => ({
  types: Object.fromEntries(fields.map(({name, type}) => [name, type])),
  rows: rows.length
});

async function loadMap(map) {
  const {datasets, config} = KeplerGlSchema.load(map);
  const tables = {};
  for (const {info, data} of datasets) {
    tables[info.id] = new KeplerTable({info, color: info.color, metadata: {}});
    await tables[info.id].importData({data});
  }
  const {filters, layers, interactionConfig} = config.visState;
  const state = {datasets: tables, layers, isMergingDatasets: {}};
  const {validated, failed} = validateFiltersUpdateDatasets(state, filters);
  return {
    recognized: isKeplerGlMap(map),
    datasets: datasets.map(({info, data}) => ({id: info.id, label: info.label, ...summary(data)})),
    layers,
    filters: validated.map(({name, type, value, domain}) => ({name, type, value, domain})),
    filtersDropped: failed.length,
    tooltip: interactionConfig.tooltip.fieldsToShow,
    mapState: config.mapState
  };
}

async function main([kind, ...files]) {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const found =
      kind === 'csv'
        ? summary(processCsvData(text))
        : kind === 'geojson'
          ? summary(processGeojson(JSON.parse(text)))
          : await loadMap(JSON.parse(text));
    process.stdout.write(JSON.stringify(found) + '\n');
  }
}

main(process.argv.slice(2));
