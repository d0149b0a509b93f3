// A JSON object as the text of a link: `j.` and base64url of it, or `z.` and base64url of it deflated.
const LONG = 200; // characters of JSON from which deflating pays
const MOST = 2_000_000; // characters of JSON that a link may unfold to

export async function packed(value: object): Promise<string> {
  const text = JSON.stringify(value);
  const plain = new TextEncoder().encode(text);
  if (text.length < LONG || typeof CompressionStream === "undefined") return `j.${base64url(plain)}`;
  return `z.${base64url(await through(plain, new CompressionStream("deflate-raw")))}`;
}

/** The object of a link. Throws an Error whose message can be shown. */
export async function unpacked(content: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    const bytes = fromBase64url(content.slice(2));
    if (content.startsWith("j.")) value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    else if (content.startsWith("z.")) value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await inflated(bytes)));
    else throw new Error("unknown form");
  } catch {
    throw new Error("This link is not whole: the request in it cannot be read. Ask for it again, or start from an example.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("This link holds no request. Start from an example.");
  }
  return value as Record<string, unknown>;
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST) throw new Error("too large");
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
