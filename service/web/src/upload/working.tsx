// How far the service is, and the way to stop it.
import type { Progress } from "./sending.ts";

const MEGABYTE = 1_000_000;
const STEPS: Record<Progress["step"], string> = { sending: "Sending", computing: "Sent; the service computes", receiving: "Receiving the answer" };

export function bytes(count: number): string {
  return count < MEGABYTE / 10 ? `${Math.max(1, Math.round(count / 1000))} kB` : `${(count / MEGABYTE).toFixed(1)} MB`;
}

export function Working({ what, progress, cancel }: { what: string; progress: Progress; cancel: () => void }) {
  const { step, done, of } = progress;
  return (
    <div class="working">
      <p>
        <span role="status">
          {what}: {STEPS[step].toLowerCase()} …
        </span>{" "}
        <span class="quiet">{step === "computing" ? "" : of === null ? bytes(done) : `${bytes(done)} of ${bytes(of)}`}</span>
      </p>
      <progress aria-label={STEPS[step]} {...(of ? { value: done, max: of } : {})} />
      <button type="button" class="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
