// The third view: a file of another tool, what it comes to, and the answer to take along.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isAborted, Problem } from "../api.ts";
import { download } from "../parts/download.ts";
import { Faults, goTo } from "../workload/faults.ts";
import { Form as FormContext } from "../workload/form_state.ts";
import { ProblemNote } from "../workload/problem_note.tsx";
import { digestOf, type Bill, type Digest, type Places } from "./answers.ts";
import { BillResult } from "./bill.tsx";
import { Downloads, savedAs, type Form } from "./downloads.tsx";
import { FOCUS, FORMATS, mediaType, pathOf, recognized, type Format, type Given } from "./formats.ts";
import { Options } from "./options.tsx";
import { RunsResult } from "./runs.tsx";
import { SAMPLES } from "./samples.ts";
import { send, type Progress } from "./sending.ts";
import { bytes, Working } from "./working.tsx";

type Answer = { format: Format; name: string } & ({ bill: Bill; places: Places | null } | { digest: Digest });

interface Job {
  what: string;
  progress: Progress;
}

export function UploadView() {
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<Format>(FOCUS);
  const [known, setKnown] = useState<Format | null>(null);
  const [given, setGiven] = useState<Given>({});
  const [job, setJob] = useState<Job | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [told, setTold] = useState("");
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const cancel = () => running.current?.abort();
  const forget = () => {
    cancel();
    setAnswer(null);
    setProblem(null);
    setTold("");
  };
  /** Work that shows its progress, can be cancelled, and ends in nothing or a problem. */
  const work = async (what: string, task: (ask: (accept: string) => Promise<Blob>) => Promise<void>, of: File, as: Format) => {
    cancel();
    const control = new AbortController();
    running.current = control;
    setProblem(null);
    setTold("");
    setJob({ what, progress: { step: "sending", done: 0, of: of.size } });
    const type = await mediaType(of, as);
    const ask = (accept: string) =>
      send({ path: pathOf(as, given), file: of, type, accept, signal: control.signal, onProgress: (progress) => running.current === control && setJob({ what, progress }) });
    try {
      await task(ask);
    } catch (error) {
      if (isAborted(error)) setTold("Cancelled. Nothing was kept.");
      else if (error instanceof Problem) setProblem(error);
      else throw error;
    } finally {
      if (running.current === control) {
        running.current = null;
        setJob(null);
      }
    }
  };
  const estimate = (of: File, as: Format) =>
    work(
      `Estimating ${of.name}`,
      async (ask) => {
        setAnswer(null);
        if (as !== FOCUS) return setAnswer({ format: as, name: of.name, digest: await digestOf(await ask("application/x-ndjson")) });
        const bill = JSON.parse(await (await ask("application/json")).text()) as Bill;
        setAnswer({ format: as, name: of.name, bill, places: null });
        const places = JSON.parse(await (await ask("application/geo+json")).text()) as Places;
        setAnswer({ format: as, name: of.name, bill, places });
      },
      of,
      as,
    );
  const save = (form: Form) => {
    if (!file) return;
    void work(
      form.name,
      async (ask) => {
        const name = savedAs(file.name, form);
        download(await ask(form.accept), name);
        setTold(`${name} saved.`);
      },
      file,
      format,
    );
  };
  const choose = async (next: File, now = false) => {
    forget();
    setFile(next);
    const found = await recognized(next);
    setKnown(found);
    if (found) setFormat(found);
    if (found && now) void estimate(next, found);
  };

  const faults = (problem?.faults ?? []).map((fault) => (fault.parameter ? { ...fault, pointer: `/${fault.parameter}` } : fault));
  const lead = useMemo(() => ({ request: {}, change: () => {}, lead: (pointer: string) => void goTo(pointer) }), []);
  const shownProblem = problem && new Problem(problem.status, problem.code, problem.title, problem.message, faults, problem.retryAfter);
  return (
    <div class="upload">
      <div class="intro">
        <h1>What does a file stand for?</h1>
        <p class="lede">A cloud bill, or the log of another tool. It goes to this service alone, is read there, answered and forgotten.</p>
      </div>
      <FormContext.Provider value={lead}>
        <Faults.Provider value={faults}>
          <section class="card upload-ask" aria-label="The file">
            <Drop choose={(next) => void choose(next)} file={file} />
            <div class="ask-top">
              <div class="examples" role="group" aria-label="Samples">
                {SAMPLES.map((sample) => (
                  <button type="button" onClick={() => void choose(sample.file(), true)}>
                    {sample.name}
                  </button>
                ))}
              </div>
            </div>
            <div class="upload-format">
              <label for="upload-format">Kind of file</label>
              <select
                id="upload-format"
                value={format.id}
                aria-describedby="upload-format-hint"
                onChange={(event) => {
                  const next = FORMATS.find((one) => one.id === event.currentTarget.value)!;
                  forget();
                  setFormat(next);
                  setGiven({});
                }}
              >
                {FORMATS.map((one) => (
                  <option value={one.id}>{one.name}</option>
                ))}
              </select>
              <p class="hint" id="upload-format-hint">
                {file && (known === null ? "Its head does not tell: choose what it is. " : known === format ? "Recognized by its head. " : `By its head it looks like ${known.name}. `)}
                {format.about}
              </p>
            </div>
            <Options format={format} given={given} change={setGiven} />
            <div class="upload-go">
              <button type="button" class="button primary" disabled={!file || job !== null} onClick={() => file && void estimate(file, format)}>
                Estimate it
              </button>
              {told && !answer && (
                <span class="told" role="status">
                  {told}
                </span>
              )}
            </div>
          </section>
          <section class="results" id="results" aria-label="The result" aria-busy={job !== null}>
            {job && <Working what={job.what} progress={job.progress} cancel={cancel} />}
            {shownProblem && <ProblemNote problem={shownProblem} again={() => file && void estimate(file, format)} older={answer !== null} />}
            {!job && !problem && !answer && <Outlook />}
            {answer && (
              <div class="headline">
                {"bill" in answer ? <BillResult bill={answer.bill} places={answer.places} /> : <RunsResult digest={answer.digest} tool={answer.format.name} />}
                <Downloads format={answer.format} save={save} busy={job !== null} told={told} />
              </div>
            )}
          </section>
        </Faults.Provider>
      </FormContext.Provider>
    </div>
  );
}

/** What stands where the answer will. */
function Outlook() {
  return (
    <div class="card">
      <h2>What comes back</h2>
      <dl class="terms">
        {OUTLOOK.map(([term, meaning]) => (
          <div>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const OUTLOOK = [
  ["Two totals", "By what the local grids emit, and by what electricity was bought. Side by side, never added."],
  ["How much is covered", "Which part of the cost has a figure, which rows have none, and why. What is not known is left out, not guessed."],
  ["Where and when", "By region and month, or run by run, beside what the file itself says that it emitted."],
  ["Files to work on with", "The same rows with their figures, a table, a map for kepler.gl, GeoJSON."],
] as const;

function Drop({ choose, file }: { choose: (file: File) => void; file: File | null }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const found = event.dataTransfer?.files[0];
    if (found) choose(found);
  };
  return (
    <div
      class={`drop ${over ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label for="upload-file">{file ? "Another file" : "Choose a file, or drop it here"}</label>
      <input
        id="upload-file"
        type="file"
        aria-describedby="upload-file-about"
        onChange={(event) => {
          const found = event.currentTarget.files?.[0];
          if (found) choose(found);
        }}
      />
      <p class="hint" id="upload-file-about">
        {file ? (
          <>
            <b>{file.name}</b>, {bytes(file.size)}
          </>
        ) : (
          "FOCUS bills as CSV or Parquet, emissions.csv of CodeCarbon, and five kinds more."
        )}
      </p>
    </div>
  );
}
