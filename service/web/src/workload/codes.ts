// What each code of a warning or problem means, in the service's words.
import { useEffect, useState } from "preact/hooks";
import { askJson } from "../api.ts";

let asked: Promise<Record<string, string>> | null = null;

export function useCodes(): Record<string, string> {
  const [codes, setCodes] = useState<Record<string, string>>({});
  useEffect(() => {
    asked ??= askJson<{ codes: { code: string; message: string }[] }>("/methodology").then(({ codes: list }) =>
      Object.fromEntries(list.map(({ code, message }) => [code, message])),
    );
    asked.then(setCodes, () => {
      asked = null; // the details stand alone then
    });
  }, []);
  return codes;
}
