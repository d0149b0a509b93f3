// The request as the page holds it: the very JSON that is sent. Fields read and write it by pointer (RFC 6901), so that
// what the form does not know stays in it.
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Request = { [name: string]: Json };

function steps(pointer: string): string[] {
  return pointer.split("/").slice(1).map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

export function at(request: Json, pointer: string): Json | undefined {
  let value: Json | undefined = request;
  for (const step of steps(pointer)) {
    if (value === null || typeof value !== "object") return undefined;
    value = Array.isArray(value) ? value[Number(step)] : Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** The request with a value at a pointer; without one, where it is undefined, and without what that leaves empty. */
export function put<T extends Json>(request: T, pointer: string, value: Json | undefined): T {
  return (placed(request, steps(pointer), value) ?? {}) as T;
}

function placed(here: Json | undefined, [step, ...rest]: string[], value: Json | undefined): Json | undefined {
  if (step === undefined) return value;
  if (Array.isArray(here)) {
    const index = Number(step);
    const inner = placed(here[index], rest, value);
    const copy = [...here];
    if (inner === undefined && rest.length === 0) copy.splice(index, 1);
    else copy[index] = inner ?? {};
    return copy.length ? copy : undefined;
  }
  const copy: { [name: string]: Json } = here !== null && typeof here === "object" ? { ...here } : {};
  const inner = placed(Object.hasOwn(copy, step) ? copy[step] : undefined, rest, value);
  if (inner === undefined) delete copy[step];
  else Object.defineProperty(copy, step, { value: inner, enumerable: true, configurable: true, writable: true }); // also `__proto__`
  return Object.keys(copy).length ? copy : undefined;
}

/** What a number field holds: a number where its text is one, else the text itself, so that the service says what is wrong. */
export function numberOrText(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : trimmed;
}
