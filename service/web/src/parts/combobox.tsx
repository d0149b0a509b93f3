// A field with a list to choose from, by the pattern of the ARIA Authoring Practices (combobox, list autocomplete).
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Field } from "./fields.tsx";

export interface Option {
  /** What is sent. */
  id: string;
  name: string;
  /** What stands behind the name, in small. */
  aside: string;
  group: string;
}

interface ComboboxProps {
  pointer: string;
  label: string;
  hint?: ComponentChildren;
  /** What is chosen now. */
  value: string;
  /** How that is shown while nobody types. */
  shown: string;
  placeholder?: string;
  options: (text: string) => Option[];
  /** Called with the text while somebody types, to fetch more options. */
  onText?: (text: string) => void;
  onChoose: (option: Option) => void;
  /** What was typed and is no option of the list; empty: nothing is chosen. */
  onWritten: (text: string) => void;
}

export function Combobox({ pointer, label, hint, value, shown, placeholder, options, onText, onChoose, onWritten }: ComboboxProps) {
  const [text, setText] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const found = open ? options(text ?? "") : [];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const close = () => {
    setOpen(false);
    setActive(-1);
    setText(null);
    onText?.("");
  };
  const choose = (option: Option) => {
    close();
    onChoose(option);
  };
  const leave = () => {
    if (text !== null && text.trim() !== shown) {
      const wanted = text.trim().toLowerCase();
      const exact = options(text).find((option) => option.id.toLowerCase() === wanted || option.name.toLowerCase() === wanted);
      if (exact) onChoose(exact);
      else onWritten(text.trim());
    }
    close();
  };
  const key = (event: KeyboardEvent) => {
    const last = found.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return setOpen(true);
      const down = event.key === "ArrowDown";
      setActive((now) => (down ? (now >= last ? 0 : now + 1) : now <= 0 ? last : now - 1));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const option = found[active] ?? (text ? found[0] : undefined);
      if (option) choose(option);
      else leave();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Home" || event.key === "End") {
      setActive(-1);
    }
  };

  return (
    <Field pointer={pointer} label={label} hint={hint} class="combobox">
      {(about) => (
        <>
          <input
            {...about}
            type="text"
            role="combobox"
            aria-expanded={open}
            aria-controls={`${about.id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 ? `${about.id}-${active}` : undefined}
            autocomplete="off"
            spellcheck={false}
            placeholder={placeholder}
            value={text ?? shown}
            title={value}
            onFocus={(event) => event.currentTarget.select()}
            onClick={() => setOpen(true)}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setActive(-1);
              setOpen(true);
              onText?.(event.currentTarget.value);
            }}
            onKeyDown={key}
            onBlur={leave}
          />
          <ul id={`${about.id}-list`} role="listbox" aria-label={label} class="list" ref={list} hidden={!open} onMouseDown={(event) => event.preventDefault()}>
            {found.map((option, index) => (
              <>
                {option.group !== found[index - 1]?.group && (
                  <li role="presentation" class="group">
                    {option.group}
                  </li>
                )}
                <li id={`${about.id}-${index}`} role="option" aria-selected={index === active} onClick={() => choose(option)}>
                  <span>{option.name}</span> <small>{option.aside}</small>
                </li>
              </>
            ))}
            {open && found.length === 0 && (
              <li role="presentation" class="group">
                Nothing by this name
              </li>
            )}
          </ul>
        </>
      )}
    </Field>
  );
}
