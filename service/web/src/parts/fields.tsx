// The fields of the form: a label, an input, a hint, and at it what the service has to say against it.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { useField } from "../workload/faults.ts";
import { numberOrText, type Json } from "../workload/request.ts";

interface FieldProps {
  pointer: string;
  label: string;
  hint?: ComponentChildren;
  unit?: string | undefined;
  class?: string;
}

type Written = string | undefined;

/** What every field has around its input. */
export function Field({
  pointer,
  label,
  hint,
  unit,
  class: name,
  children,
}: FieldProps & { children: (about: { id: string; "aria-describedby": Written; "aria-invalid": boolean }) => ComponentChildren }) {
  const { id, faults } = useField(pointer);
  const described = [hint && `${id}-hint`, faults.length > 0 && `${id}-fault`].filter(Boolean).join(" ") || undefined;
  return (
    <div class={`field ${name ?? ""} ${faults.length ? "wrong" : ""}`}>
      <label for={id}>{label}</label>
      <div class="input">
        {children({ id, "aria-describedby": described, "aria-invalid": faults.length > 0 })}
        {unit && (
          <span class="unit" aria-hidden="true">
            {unit}
          </span>
        )}
      </div>
      {faults.length > 0 && (
        <p class="fault" id={`${id}-fault`}>
          {faults.map((fault) => fault.detail).join("; ")}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ValueProps extends FieldProps {
  value: Json | undefined;
  onValue: (value: Json | undefined) => void;
  placeholder?: string;
}

const shownAs = (value: Json | undefined) =>
  value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** A number; what is none goes to the service as it was written, which says what is wrong with it. */
export function NumberField({ value, onValue, placeholder, ...field }: ValueProps) {
  const [text, setText] = useState(shownAs(value));
  useLayoutEffect(() => {
    setText((before) => (Object.is(numberOrText(before), value) ? before : shownAs(value)));
  }, [value]);
  const input = (written: string) => {
    setText(written);
    onValue(numberOrText(written));
  };
  return (
    <Field {...field}>
      {(about) => (
        <input {...about} type="text" inputMode="decimal" autocomplete="off" spellcheck={false} placeholder={placeholder} value={text} onInput={(event) => input(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export function TextField({ value, onValue, placeholder, ...field }: ValueProps) {
  return (
    <Field {...field}>
      {(about) => (
        <input
          {...about}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder}
          value={shownAs(value)}
          onInput={(event) => onValue(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of several; the empty one leaves it to the service, and says what that means. */
export function SelectField({
  value,
  onValue,
  options,
  ...field
}: ValueProps & { options: readonly (readonly [value: Json | undefined, name: string])[] }) {
  const index = options.findIndex(([option]) => Object.is(option, value));
  return (
    <Field {...field}>
      {(about) => (
        <select {...about} value={String(index)} onChange={(event) => onValue(options[Number(event.currentTarget.value)]?.[0])}>
          {index < 0 && <option value="-1">{shownAs(value)}</option>}
          {options.map(([, name], place) => (
            <option value={String(place)}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
