/** What an experiment will take, as lines for a terminal: what is known for sure, and what was measured, apart. */
import type { ExpectedWork, Tokens } from "@swirl-ts/experiment"
import { counted } from "@swirl-ts/kit"
import { table } from "./table.ts"

export function planLines(work: ExpectedWork): string[] {
  const { cells, trainings, seeds, jobs, rollouts, judging } = work
  const all = Object.values(jobs).reduce((sum, each) => sum + each, 0)
  const isPriced = rollouts.some(({ dollars }) => dollars)
  const byKind = Object.entries(jobs)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ")
  const header = ["roll-outs", "policy", "trajectories", "tokens in, at most", "out", "about in", "out"]
  return [
    `${counted(trainings.length, "training")} x ${counted(seeds.length, "seed")} (${seeds.join(", ")}), ${counted(cells.length, "cell")}: ${counted(all, "job")} (${byKind})`,
    ...cells.map(
      ({ name, questions }) => `  ${name}: ${count(questions)} ${questions === 1 ? "question" : "questions"}`,
    ),
    "",
    ...table([
      [...header, ...(isPriced ? ["dollars, at most", "about"] : [])],
      ...rollouts.map(({ what, policy, trajectories, most, about, dollars }) => [
        what,
        policy,
        count(trajectories),
        ...tokens(most),
        ...tokens(about),
        ...(isPriced ? [money(dollars?.most), money(dollars?.about)] : []),
      ]),
    ]),
    ...(isPriced ? [dollarSum(work)] : []),
    ...judging.map(
      ({ judge, asksModel, steps }) =>
        `judge ${judge}: ${count(steps)} steps at most${asksModel ? "; what its model reads and writes for them is not counted" : ""}`,
    ),
    "",
    ...time(work),
  ]
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US")
const tokens = (some: Tokens | undefined): string[] => (some ? [count(some.input), count(some.output)] : ["–", "–"])
const money = (dollars: number | undefined): string => (dollars === undefined ? "–" : dollars.toFixed(2))

function dollarSum({ rollouts }: ExpectedWork): string {
  const sum = (of: "most" | "about"): number => rollouts.reduce((all, { dollars }) => all + (dollars?.[of] ?? 0), 0)
  const about = rollouts.some(({ dollars }) => dollars?.about !== undefined) ? `about ${money(sum("about"))}, ` : ""
  return `dollars of the policies that have a price: ${about}${money(sum("most"))} at most`
}

function time({ measured: { cell, tokens, time }, seconds }: ExpectedWork): string[] {
  const { processes, rollouts, trainings } = seconds
  const from = tokens ? `"about" is from ${count(tokens.trajectories)} trajectories of ${cell} by the base` : undefined
  const timed =
    time && `${time.questions} of its questions took ${time.seconds.toFixed(1)} s, ${time.concurrency} at once`
  const training =
    trainings === undefined ? "trainings: not known before one has ended" : `trainings: about ${duration(trainings)}`
  return [
    ...(from ? [[from, timed].filter(Boolean).join("; ")] : []),
    rollouts === undefined
      ? "time: nothing was measured"
      : `time at ${processes} processes: roll-outs: about ${duration(rollouts)}; ${training}`,
  ]
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
