#!/usr/bin/env bash
# What a job emitted, from a Dualscope service: Markdown for its summary, both totals for the steps behind it, and an
# exit code that holds it to a budget. Takes bash, curl and jq, which runners have.
#
# Everything is read from the environment, as `dualscope estimate` reads it, and none of it is ever run or interpolated:
#   DUALSCOPE_URL              address of the service
#   DUALSCOPE_KEY              its key, where it wants one
#   DUALSCOPE_JOB_FILE         the workload as JSON: a file, or the text itself
#   DUALSCOPE_JOB_REGION …     its fields (FIELDS below), where the file has none; other names with this prefix: exit 2
#   DUALSCOPE_JOB_TAG          team=vision,stage=test
#   DUALSCOPE_BUDGET_KG        most that the total may be [kg CO2e]
#   DUALSCOPE_BUDGET_BASIS     location_based, market_based or larger (default): the total that is held against it
#
# Exit codes: 0 done, and within the budget; 1 the service is not reached or cannot answer; 2 what was given makes no
# sense; 3 above the budget; 4 the budget cannot be judged, because the electricity is not known.
set -euo pipefail

main() {
  umask 077
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  local tool
  for tool in curl jq; do
    command -v "$tool" >/dev/null || fail 1 "$tool is not installed here"
  done
  [[ -n ${DUALSCOPE_URL:-} ]] || fail 2 'DUALSCOPE_URL: it should be the address of the service'
  [[ $DUALSCOPE_URL =~ ^https?://[^[:space:]]+$ ]] || fail 2 'DUALSCOPE_URL: an address as https://host is wanted'
  [[ ${DUALSCOPE_KEY:-} =~ ^[!-~]*$ ]] || fail 2 'DUALSCOPE_KEY: it has a character that no header can have'
  workload
  ask application/json "$work/answer.json"
  ask text/markdown "$work/answer.md"
  judge
}

# say TEXT: a line on standard error, which a runner must not take for a command of its own.
say() { printf 'dualscope: %s\n' "$1" | tr -d '\000-\010\013-\037' | sed 's/##\[/## [/g' >&2; }

# fail CODE TEXT: say it, and end.
fail() {
  summary "Dualscope has no figures for this job; its log says why."
  while IFS= read -r line; do say "$line"; done <<<"$2"
  exit "$1"
}

# summary TEXT: into the job's summary, else to standard output.
summary() {
  if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then printf '%s\n' "$1" >>"$GITHUB_STEP_SUMMARY"; else printf '%s\n' "$1"; fi
}

# workload: the file, with the fields of the environment where it has none, and tags that say which run it was.
workload() {
  local given=${DUALSCOPE_JOB_FILE:-'{}'}
  if [[ ! $given =~ ^[[:space:]]*\{ ]]; then
    [[ -f $given ]] || fail 2 "$given: there is no such file"
    given=$(cat -- "$given")
  fi
  if ! jq --null-input --compact-output --argjson budget "$(number "${DUALSCOPE_BUDGET_KG:-}")" \
    --slurpfile file <(printf '%s' "$given") -f <(program) >"$work/workload.json" 2>"$work/why.txt"; then
    fail 2 "$(sed 's/^jq: error ([^)]*): //; s/^jq: /the workload: /; s/ in --slurpfile file [^:]*:/:/' "$work/why.txt")"
  fi
}

# number TEXT: as JSON; null where there is none, a string where it is no number.
number() {
  jq --null-input --arg text "$1" '$text | gsub("^\\s+|\\s+$"; "") | if . == "" then null
    elif test("^[0-9]+([.][0-9]*)?([eE][-+]?[0-9]{1,2})?$") then tonumber else . end'
}

program() {
  cat <<'JQ'
def FIELDS: {
  ID: ["id"], REGION: ["region"], START: ["period", "start"], END: ["period", "end"], DEPLOYMENT: ["deployment"],
  KWH: ["energy", "kwh"], LEVEL: ["energy", "level"], PUE: ["pue"], HOURS: ["duration_hours"],
  INSTANCE: ["hardware", "instance"], ACCELERATOR: ["hardware", "accelerator"],
  ACCELERATORS: ["hardware", "accelerators"], SERVER: ["hardware", "server"], COUNT: ["hardware", "count"],
  SHARE: ["hardware", "share"], DEVICE_HOURS: ["hardware", "device_hours"],
  LIFETIME_YEARS: ["hardware", "lifetime_years"], HOST_OVERHEAD_RATIO: ["host_overhead_ratio"],
  UTILIZATION: ["utilization"], METHOD: ["allocation", "method"], FALLBACK: ["factors", "fallback"]
};
def TEXTS: ["ID", "REGION", "START", "END", "DEPLOYMENT", "LEVEL", "INSTANCE", "ACCELERATOR", "SERVER", "METHOD", "FALLBACK"];
def unknown: [env | keys[] | select(startswith("DUALSCOPE_JOB_")) | select(ltrimstr("DUALSCOPE_JOB_")
  | in(FIELDS + {FILE: 0, TAG: 0}) | not)];
def first_of(names): [names | env[.] // "" | select(. != "")][0] // "" | .[:256];
def read(name): ("DUALSCOPE_JOB_" + name) as $variable | env[$variable] // "" | gsub("^\\s+|\\s+$"; "")
  | if . == "" then empty elif any(TEXTS[]; . == name) then .
  elif test("^-?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]{1,2})?$") then tonumber
  else error($variable + ": it is no number") end;
def set(name): . as $job | FIELDS[name] as $path | reduce read(name) as $value ($job; setpath($path; $value));
def tags: {
  repository: first_of("GITHUB_REPOSITORY", "CI_PROJECT_PATH"), commit: first_of("GITHUB_SHA", "CI_COMMIT_SHA"),
  ref: first_of("GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"), workflow: first_of("GITHUB_WORKFLOW"),
  job: first_of("GITHUB_JOB", "CI_JOB_NAME"), run: first_of("GITHUB_RUN_ID", "CI_PIPELINE_ID")
} | with_entries(select(.value != ""));
def stated: [env.DUALSCOPE_JOB_TAG // "" | splits("\\s*,\\s*") | select(. != "")
  | capture("^(?<key>[^=]+)=(?<value>.*)$"; "s") // error("DUALSCOPE_JOB_TAG: write team=vision,stage=test")] | from_entries;
if unknown != [] then error(unknown[0] + ": it is no variable of this program")
elif ($file | length) != 1 or ($file[0] | type) != "object" then error("the workload: one JSON object is wanted")
elif $file[0].workloads? | type == "array" then error("the workload: this is a batch; one is wanted")
elif $budget != null and ($budget | type != "number" or . < 0) then
  error("DUALSCOPE_BUDGET_KG: a number from 0 on is wanted")
elif env.DUALSCOPE_BUDGET_BASIS // "" | IN("", "larger", "location_based", "market_based") | not then
  error("DUALSCOPE_BUDGET_BASIS: it is one of larger, location_based, market_based")
else
  (reduce (FIELDS | keys_unsorted[]) as $name ({}; set($name))) * $file[0]
  | .tags = tags + stated + (.tags // {})
end
JQ
}

# ask TYPE FILE: the answer in this form; the key stands in no list of processes.
ask() {
  local status
  status=$(curl --silent --show-error --globoff --proto '=http,https' --max-time 60 --output "$2" \
    --write-out '%{http_code}' --header "Accept: $1" --header 'Content-Type: application/json' \
    --header @<(if [[ -n ${DUALSCOPE_KEY:-} ]]; then printf 'Authorization: Bearer %s\n' "$DUALSCOPE_KEY"; fi) \
    --data-binary "@$work/workload.json" --url "${DUALSCOPE_URL%/}/emissions" 2>"$work/why.txt") ||
    fail 1 "the service is not reached: $(cat "$work/why.txt")"
  if [[ $status == 200 ]]; then
    [[ $1 != application/json ]] || jq --exit-status '[.totals | .location_based, .market_based
      | .kg_co2e | numbers] | length == 2' "$2" >/dev/null 2>&1 || fail 1 'its answer is none of Dualscope'
    return
  fi
  local told about=workload
  [[ $status == 40[13] ]] && about=DUALSCOPE_KEY
  told=$(jq --exit-status --raw-output --arg about "$about" 'if (.errors // []) == [] then {pointer: "", detail, code} else .errors[] end
    | "\(if .pointer == "" then $about else .pointer end): \(.detail // error) (\(.code // error))"
    | gsub("\\s+"; " ")' "$2" 2>/dev/null) || told="it answers $status, and is no Dualscope"
  if [[ $status == 4* && $status != 429 && $told != it\ answers* ]]; then fail 2 "$told"; else fail 1 "$told"; fi
}

# judge: both totals as outputs, the Markdown as the summary, and what the budget says of them.
judge() {
  local location market code told
  { read -r location; read -r market; read -r code; read -r told; } < <(
    jq --raw-output --arg basis "${DUALSCOPE_BUDGET_BASIS:-}" --argjson most "$(number "${DUALSCOPE_BUDGET_KG:-}")" '
      def shown: . * 10000 | round / 10000 | tostring;
      .totals as $totals | [$totals.location_based, $totals.market_based] as [$location, $market]
      | (if $basis == "location_based" then $location elif $basis == "market_based" then $market
         elif $market.kg_co2e > $location.kg_co2e then $market else $location end) as $total
      | (if .scope3.spend_based then [] else $total.missing end) as $missing
      | (if $missing == [] then "" else "; not known, and so not in the total: \($missing | join(", "))" end) as $lacks
      | $location.kg_co2e, $market.kg_co2e,
        if $most == null then "0", "no budget is set\($lacks)"
        elif $total.kg_co2e > $most then "3", "budget exceeded: \($total.kg_co2e | shown) kg CO2e, \($total.kg_co2e - $most
          | shown) kg over the \($most | shown) kg planned\($lacks)"
        elif any($missing[]; startswith("scope2.")) then "4", "budget not judged: without its electricity the total says nothing"
        else "0", "budget kept: \($total.kg_co2e | shown) of \($most | shown) kg CO2e\($lacks)" end' "$work/answer.json"
  )
  if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    local exceeded=false
    if [[ $code == 3 ]]; then exceeded=true; fi
    printf '%s\n' "location-based-kg=$location" "market-based-kg=$market" "exceeded=$exceeded" >>"$GITHUB_OUTPUT"
  fi
  summary "$(cat "$work/answer.md")"
  if [[ -n ${DUALSCOPE_BUDGET_KG:-} ]]; then summary "
**${told}**"; fi
  say "$told"
  exit "$code"
}

main
