// Rows of a CSV file (RFC 4180), by the names of its columns.
export function rowsOf(text: string): Record<string, string>[] {
  const [head, ...rows] = cellsOf(text);
  return rows.map((cells) => Object.fromEntries((head ?? []).map((name, index) => [name, cells[index] ?? ""])));
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error("this is no CSV");
    row.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : (found[2] ?? ""));
    if (found[3] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
