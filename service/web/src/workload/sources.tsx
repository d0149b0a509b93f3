// Where the numbers come from.
import { number } from "../format.ts";
import type { Source } from "./answer.ts";
import { kindName, MATCHES } from "./words.ts";

/** One source in a line: what, how much, who says so, how well it fits. */
export function SourceLine({ source }: { source: Source }) {
  return (
    <>
      <b>{kindName(source.kind)}</b>: {number(source.value, 6)} {source.unit}, {MATCHES[source.match] ?? source.match} <Cited source={source} />
    </>
  );
}

function Cited({ source }: { source: Source }) {
  const text = [source.publisher, source.title, source.year].filter(Boolean).join(", ");
  return <small>{source.url && /^https?:\/\//i.test(source.url) ? <a href={source.url} target="_blank" rel="noopener noreferrer">{text}</a> : text}</small>;
}

export function Sources({ sources }: { sources: Source[] }) {
  return (
    <section class="card" aria-labelledby="sources-title">
      <h2 id="sources-title">Where the numbers come from</h2>
      <ul class="sources">
        {sources.map((source) => (
          <li>
            <p class="source-value">
              <b>{kindName(source.kind)}</b>
              <span class="amount">
                {number(source.value, 6)} <small>{source.unit}</small>
              </span>
            </p>
            <p>
              <Cited source={source} />
            </p>
            <p class="quiet">
              {[source.zone && `for ${source.zone}`, MATCHES[source.match] ?? source.match, `grade ${source.grade}`, source.license].filter(Boolean).join(" · ")}
              {source.note && (
                <>
                  <br />
                  {source.note}
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
