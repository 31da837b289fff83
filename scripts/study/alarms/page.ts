/** The table of alarms, as text for terminal and page: false alarms on held-out seeds, and what is found of runs made to go wrong. */
import { interval, percent } from "@swirl-ts/report"
import { wilsonInterval } from "@swirl-ts/stats"
import { alarmKinds } from "@swirl-ts/trainer"
import { type AlarmRun, isHeldOut, type Kind, runsOf } from "./runs.ts"
import { badKinds, count, type Judged, ofKind } from "./table.ts"

const share = (part: number, of: number): string =>
  of === 0 ? "–" : `${part} of ${of} (${percent(part / of)} %; ${interval(wilsonInterval(part, of), percent)})`

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`
const table = (names: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(names),
  row(names.map(() => "---")),
  ...rows.map(row),
]

const words: Record<Kind, string> = {
  good: "the demo's own: process filter, judge `grounded`",
  form: "rewarded for form alone (judge `form`, no filter)",
  "learning-rate": "learning rate x 10",
  unfiltered: "no filter",
  "noisy-judge": "`grounded` with 40 % of its verdicts flipped",
}

const seedsOf = (judged: readonly Judged[]): string =>
  [...new Set(judged.map(({ run }) => run.seed))].sort((a, b) => a - b).join(", ")

export function alarmTable(all: readonly Judged[]): string[] {
  const falsely = (heldOut?: boolean): string => {
    const { runs, alarmed } = count(ofKind(all, "good", heldOut))
    return share(alarmed, runs)
  }
  const found = badKinds.map((kind) => {
    const every = count(ofKind(all, kind))
    const [chosen, reported] = [false, true].map((heldOut) => count(ofKind(all, kind, heldOut)))
    return [
      words[kind],
      `${every.wentWrong} of ${every.runs}${every.alarmed > every.found ? `; ${every.alarmed - every.found} alarmed that did not` : ""}`,
      `${chosen!.found} of ${chosen!.wentWrong}`,
      `${reported!.found} of ${reported!.wentWrong}`,
      share(every.found, every.wentWrong),
      `${every.beforeStart} of ${every.alarmed}`,
      `${every.beforeBest} of ${every.alarmed}`,
    ]
  })
  return [
    ...table(
      ["good runs with an alarm", "seeds that thresholds were chosen on", "held out", "both"],
      [[words.good, falsely(false), falsely(true), falsely()]],
    ),
    "",
    ...table(
      [
        "made to go wrong",
        "did go wrong",
        "of these found, chosen on",
        "held out",
        "both (95 %)",
        "alarmed before fresh roll-outs were five points under the start",
        "under the best so far",
      ],
      found,
    ),
    "",
    ...table(
      ["first alarm", ...["good", ...badKinds].map((kind) => kind)],
      alarmKinds.map((alarm) => [
        `\`${alarm}\``,
        ...(["good", ...badKinds] as const).map((kind) => firsts(ofKind(all, kind), alarm)),
      ]),
    ),
  ]
}

/** Of how many runs it was the first alarm, and at which steps. */
function firsts(judged: readonly Judged[], alarm: string): string {
  const steps = judged
    .flatMap(({ raised }) => (raised[0]?.kind === alarm ? [raised[0].step] : []))
    .sort((a, b) => a - b)
  if (steps.length === 0) return "–"
  return `${steps.length} (step ${steps[0]}${steps.length > 1 ? ` to ${steps.at(-1)}` : ""})`
}

const runText = ({ kind, seed, task }: Pick<AlarmRun, "kind" | "seed" | "task">): string => `${kind} ${task} ${seed}`

/** What was planned and is not there. */
const missing = (all: readonly Judged[], seeds: readonly number[]): string[] => {
  const there = new Set(all.map(({ run }) => runText(run)))
  return seeds
    .flatMap(runsOf)
    .map(runText)
    .filter((name) => !there.has(name))
}

export function alarmPage(all: readonly Judged[], seeds: readonly number[]): string {
  const left = missing(all, seeds)
  return [
    "# Alarms that can be believed",
    "",
    "A training watches itself; what each alarm goes by is in [trainer](packages/trainer.md#metrics-and-alarms). Here is how often they cry wolf, and how often they find what they are for.",
    "",
    "`npm run study -- --alarms` makes the runs (resumable, one after the other, 40 iterations of 600 tasks where they go well), writes their metrics into `docs/alarms/runs.jsonl` and this page; `npm run study -- --alarms --page` makes the page from that file alone, and `npm test -- scripts/study` holds that file, page and the thresholds in the code agree.",
    "",
    `Nano, backend wasm. Thresholds were chosen on seeds ${seedsOf(all.filter(({ run }) => !isHeldOut(run.seed)))}; seeds ${seedsOf(all.filter(({ run }) => isHeldOut(run.seed)))} were not looked at before. Runs that go well are the demo's, on \`calc\` and \`lookup\` of every seed; those made to go wrong are on one task a seed. All of seed 7 and what goes well of seeds 1 and 2 has the demo's 64 states a batch, the rest half of them: its metrics are noisier, so false alarms are likelier. Alarms see roll-outs every 10 steps, as in the demo; losses are told by roll-outs every 5 steps on 100 tasks (every 10 where seed 7 is the demo's own). A run went wrong where roll-outs were at any time five points under their start, or ten under their best.`,
    "",
    ...alarmTable(all),
    "",
    ...(left.length > 0 ? [`Planned and not made: ${left.join(", ")}.`, ""] : []),
    "Where the last two columns of the second table are low, the alarm comes with the loss: a noisy judge shows at the first roll-outs that did not rise, and without a filter a policy first gets better and is told of when it falls from its best. More frequent roll-outs (`rolloutEvery`) tell earlier.",
    "",
    "What this cannot say: `unscored`, entropy and malformed actions are never reached here, so these thresholds are chosen, not calibrated. Nothing here is a language model: nats a token, steps and rewards of one differ, and its alarms are to be read as hints until somebody has its good and bad runs.",
    "",
  ].join("\n")
}
