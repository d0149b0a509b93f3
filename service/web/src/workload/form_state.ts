// What the parts of the form share: the request, and how to change it.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { at, put, type Json, type Request } from "./request.ts";

export interface FormState {
  request: Request;
  change: (request: Request) => void;
  /** Lead to the field of a pointer, or to the whole as JSON where the form has none. */
  lead: (pointer: string) => void;
}

export const Form = createContext<FormState>({ request: {}, change: () => {}, lead: () => {} });

/** Value and setter of a field of the request, by its pointer. */
export function useValue(pointer: string): { pointer: string; value: Json | undefined; onValue: (value: Json | undefined) => void } {
  const { request, change } = useContext(Form);
  return { pointer, value: at(request, pointer), onValue: (value) => change(put(request, pointer, value)) };
}
