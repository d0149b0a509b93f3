// The consumers as a table to write in, or to paste a spreadsheet into.
import { useContext, useEffect, useState } from "preact/hooks";
import { useField } from "../workload/faults.ts";
import { Form } from "../workload/form_state.ts";
import { at, put, type Json } from "../workload/request.ts";
import type { Method } from "./answer.ts";
import { cellValue, COLUMNS, consumersOf, currencyOf, fromCell, hasValue, ID, withHeads, written, type Column, type Consumer } from "./columns.ts";
import { rowsOfText } from "./table_text.ts";

const MOST = 100; // rows to write in; others are sent as they were pasted

export function Consumers() {
  const { request, change } = useContext(Form);
  const [more, setMore] = useState(false);
  const [told, setTold] = useState("");
  const consumers = consumersOf(request);
  const currency = currencyOf(consumers);
  const set = (next: Consumer[]) => change({ ...request, consumers: next });
  const method = request["method"] as Method;
  const shown = COLUMNS.filter((one) => more || one === ID || hasValue(consumers, one) || (one.for.includes(method) && !(one.path === "/devices" || one.path === "/hours" ? hasValue(consumers, COLUMNS[3]!) : false)));
  const paste = (text: string, row: number, column: Column): boolean => {
    const rows = rowsOfText(text);
    if (rows.length === 0 || (rows.length === 1 && rows[0]!.length === 1)) return false;
    const table = withHeads(rows, currency);
    if (table) set(table.consumers);
    else set(fromCell(consumers, rows, row, column, shown));
    const left = table?.unknown.length ? ` Not used: ${table.unknown.join(", ")}.` : "";
    setTold(`${table ? table.consumers.length : rows.length} rows pasted.${left}`);
    return true;
  };
  const setCurrency = (text: string) =>
    set(consumers.map((one) => (at(one, "/cost") === undefined ? one : put(one, "/cost/currency", text))));
  return (
    <div class="consumers">
      <div class="consumers-top">
        <h2 id="consumers-title">Who shares it</h2>
        {hasValue(consumers, COLUMNS.at(-1)!) && (
          <label class="currency">
            Currency <input value={currency} size={4} maxLength={8} spellcheck={false} autocomplete="off" onInput={(event) => setCurrency(event.currentTarget.value)} />
          </label>
        )}
        <button type="button" class="link" aria-pressed={more} onClick={() => setMore(!more)}>
          {more ? "Columns in use" : "All columns"}
        </button>
      </div>
      <div class="scroll" role="region" aria-labelledby="consumers-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {shown.map((one) => (
                <th scope="col" class={one === ID ? "" : "amount"}>
                  {one.name} <small>{one.path === "/cost/amount" ? currency : one.unit}</small>
                </th>
              ))}
              <th scope="col">
                <span class="unseen">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {consumers.slice(0, MOST).map((consumer, row) => (
              <Row consumer={consumer} row={row} shown={shown} currency={currency} paste={paste} set={(next) => set(consumers.map((one, place) => (place === row ? next : one)))} remove={() => set(consumers.filter((_, place) => place !== row))} only={consumers.length === 1} />
            ))}
          </tbody>
        </table>
      </div>
      {consumers.length > MOST && <p class="hint">And {consumers.length - MOST} more, which are sent as they were pasted.</p>}
      <div class="consumers-end">
        <button type="button" class="quiet-button" onClick={() => set([...consumers, { id: newName(consumers) }])}>
          Add a consumer
        </button>
        <span class="told" role="status">
          {told}
        </span>
      </div>
      <PasteField use={(text) => paste(text, 0, ID)} />
    </div>
  );
}

function newName(consumers: Consumer[]): string {
  const taken = new Set(consumers.map((one) => one["id"]));
  for (let count = consumers.length + 1; ; count += 1) {
    if (!taken.has(`consumer ${count}`)) return `consumer ${count}`;
  }
}

interface RowProps {
  consumer: Consumer;
  row: number;
  shown: Column[];
  currency: string;
  paste: (text: string, row: number, column: Column) => boolean;
  set: (consumer: Consumer) => void;
  remove: () => void;
  only: boolean;
}

function Row({ consumer, row, shown, currency, paste, set, remove, only }: RowProps) {
  const name = typeof consumer["id"] === "string" ? consumer["id"] : `row ${row + 1}`;
  return (
    <tr>
      {shown.map((one) => (
        <Cell
          key={one.path}
          pointer={`/consumers/${row}${one.path}`}
          label={one === ID ? `Name of consumer ${row + 1}` : `${one.name} of ${name}`}
          column={one}
          value={at(consumer, one.path)}
          onValue={(value) => set(written(consumer, one, value, currency))}
          onText={(text) => paste(text, row, one)}
        />
      ))}
      <td class="remove">
        <button type="button" class="icon" aria-label={`Remove ${name}`} title={`Remove ${name}`} disabled={only} onClick={remove}>
          <span aria-hidden="true">×</span>
        </button>
      </td>
    </tr>
  );
}

interface CellProps {
  pointer: string;
  label: string;
  column: Column;
  value: Json | undefined;
  onValue: (value: Json | undefined) => void;
  /** Pasted text; true where it was taken as a table. */
  onText: (text: string) => boolean;
}

const shownAs = (value: Json | undefined) => (value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

function Cell({ pointer, label, column, value, onValue, onText }: CellProps) {
  const { id, faults } = useField(pointer);
  const [text, setText] = useState(shownAs(value));
  useEffect(() => {
    setText((before) => (Object.is(cellValue(column, before), value) ? before : shownAs(value)));
  }, [value]);
  const wrong = faults.length > 0;
  return (
    <td class={wrong ? "wrong" : ""}>
      <input
        id={id}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-fault` : undefined}
        class={column === ID ? "" : "amount"}
        type="text"
        inputMode={column === ID ? "text" : "decimal"}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          onValue(cellValue(column, event.currentTarget.value));
        }}
        onPaste={(event) => {
          if (onText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
        }}
      />
      {wrong && (
        <p class="fault" id={`${id}-fault`}>
          {faults.map((fault) => fault.detail).join("; ")}
        </p>
      )}
    </td>
  );
}

function PasteField({ use }: { use: (text: string) => boolean }) {
  const [text, setText] = useState("");
  const [unread, setUnread] = useState(false);
  const take = () => {
    const taken = use(text);
    setUnread(!taken);
    if (taken) setText("");
  };
  return (
    <details class="numbers">
      <summary>Paste a table from a spreadsheet</summary>
      <p class="hint" id="paste-hint">
        With a row of heads: id, devices, hours, utilization, gpu_hours, vcpu_hours, ram_gb_hours, energy_kwh, cost, currency. Without heads it is
        written from the first cell on. Pasting into a cell of the table above does the same.
      </p>
      <label class="unseen" for="paste-table">
        Table to paste
      </label>
      <textarea
        id="paste-table"
        rows={4}
        spellcheck={false}
        placeholder={"id\thours\tcost\nsearch\t1200\t310.50"}
        aria-describedby="paste-hint"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="button" class="quiet-button" disabled={text.trim() === ""} onClick={take}>
        Use this table
      </button>
      {unread && (
        <p class="fault" role="alert">
          This is one cell, not a table: rows need tabs, semicolons or commas between their cells.
        </p>
      )}
    </details>
  );
}
