// Rows of text that was copied from a spreadsheet or a CSV file: tabs, semicolons or commas between cells.
export function rowsOfText(text: string): string[][] {
  const mark = markOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; at < text.length; at += 1) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[(at += 1)];
        else break;
      }
      at += 1;
    }
    const start = at;
    while (at < text.length && text[at] !== mark && text[at] !== "\n" && text[at] !== "\r") at += 1;
    row.push(cell + text.slice(start, at));
    if (text[at] === mark) {
      at += 1;
      if (at >= text.length || text[at] === "\n" || text[at] === "\r") row.push("");
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    if (row.some((one) => one.trim() !== "")) rows.push(row);
    row = [];
  }
  return rows;
}

function markOf(text: string): string {
  const first = text.slice(0, text.search(/\r|\n|$/));
  if (text.includes("\t")) return "\t";
  return first.includes(";") ? ";" : ",";
}
