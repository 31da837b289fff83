/** What a row says of its training, from what the training left in its folder. */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Evaluation } from "./evaluations.ts"
import { isOfJudge } from "./judge-name.ts"
import { field, isRaw, type Raw, readDocument, readLines } from "./raw.ts"

export interface Training {
  spec: Raw
  /** Full names of the benchmarks that its trajectories are of; like what follows, known of a training that has ended. */
  benchmarks: string[] | undefined
  /** Ids of the trajectories that the filter left. */
  kept: string[] | undefined
  alarms: Raw[] | undefined
  /** Where an alarm ended it, and of which step its policy is. */
  stopped: Raw | undefined
  /** What it took of the kept ones, where it has a budget. */
  used: Raw | undefined
  /** What it took. */
  cost: Raw | undefined
  isOracle: boolean
}

/** Undefined for a policy that was only measured. */
export function trainingOf({ folder, row, run }: Evaluation): Training | undefined {
  const spec = field(run, "spec", `train/${row}`)
  if (!isRaw(spec)) return undefined
  const place = join(folder, "train", row)
  const unended = {
    spec,
    benchmarks: undefined,
    kept: undefined,
    alarms: undefined,
    stopped: undefined,
    used: undefined,
    isOracle: false,
    cost: costOf(place),
  }
  if (!existsSync(join(place, "selection.json")) || !existsSync(join(place, "result.json"))) return unended
  const selection = readDocument(join(place, "selection.json"))
  const benchmarks = new Set<string>()
  const kept: string[] = []
  const states = new Map<string, number>()
  let isOracle = readsGold.has(String(spec.algorithm))
  for (const each of selection.folders as { directory: string; selection: Raw }[]) {
    const source = join(folder, each.directory)
    const ids = each.selection.ids as string[]
    kept.push(...ids)
    const generated = readLines(join(source, "trajectories.jsonl"))
    for (const { id, benchmark, steps } of generated) {
      benchmarks.add(String(benchmark))
      states.set(String(id), Array.isArray(steps) ? steps.length : 0)
    }
    const missing = ids.find((id) => !generated.some((trajectory) => trajectory.id === id))
    if (missing) throw new Error(`${source} has no trajectory ${missing}, which ${row} was trained on`)
    const verdicts = readLines(join(source, "verdicts.jsonl"))
    isOracle ||= verdicts.some(({ judge, oracle }) => oracle === true && isOfJudge(judge, spec.judge))
  }
  const alarms = readLines(join(place, "metrics.jsonl")).flatMap(({ step, alarms: raised }) =>
    (Array.isArray(raised) ? (raised as Raw[]) : []).map(({ kind, message }) => ({ step, kind, message })),
  )
  const used = isRaw(spec.budget) ? within(spec.budget, spec.seed, kept, states) : undefined
  if (used && String(used.ids) !== String(selection.taken))
    throw new Error(`${row} was not trained on what its budget allows`)
  return {
    spec,
    benchmarks: [...benchmarks],
    kept,
    alarms,
    stopped: alarms.length > 0 && field(spec, "options", "stopOnAlarm") === true ? stoppedOf(place) : undefined,
    used: used?.used,
    cost: costOf(place),
    isOracle,
  }
}

/** Algorithms that are handed reference answers, whatever their judge is. */
const readsGold = new Set(["igpo"])

/** Its policy is that of the first of the best fresh roll-outs. */
function stoppedOf(place: string): Raw {
  const lines = readLines(join(place, "metrics.jsonl"))
  const accuracies = lines.flatMap(({ step, values }) => {
    const accuracy = (values as Raw).rolloutAccuracy
    return typeof accuracy === "number" ? [{ step, accuracy }] : []
  })
  const best = Math.max(...accuracies.map(({ accuracy }) => accuracy))
  return { step: lines.at(-1)!.step, checkpoint: accuracies.find(({ accuracy }) => accuracy === best)?.step }
}

/** By the lines of its metrics; undefined where no step was made. */
function costOf(place: string): Raw | undefined {
  const lines = readLines(join(place, "metrics.jsonl"))
  const values = lines.filter(({ step }) => Number(step) > 0).map((line) => line.values as Raw)
  if (values.length === 0) return undefined
  const numbers = (of: readonly Raw[], name: string): number[] =>
    of.flatMap((each) => (typeof each[name] === "number" ? [each[name]] : []))
  const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0)
  const kinds = ["sampledTokens", "episodeTokens", "candidateTokens", "roundTokens"]
  const every = lines.map((line) => line.values as Raw)
  const sampledTokens = sum(kinds.flatMap((name) => numbers(every, name)))
  const trainedTokens = sum(numbers(values, "trainedTokens"))
  const seconds = numbers(values, "seconds").sort((a, b) => a - b)
  const total = sum(numbers(values, "seconds"))
  const middle = [seconds[Math.floor((seconds.length - 1) / 2)], seconds[Math.floor(seconds.length / 2)]]
  const result = join(place, "result.json")
  return {
    steps: values.length,
    sampledTokens,
    trainedTokens,
    seconds: total,
    secondsPerStep: seconds.length > 0 ? sum(middle as number[]) / 2 : undefined,
    tokensPerSecond: total > 0 ? (sampledTokens + trainedTokens) / total : undefined,
    peakMemoryBytes: existsSync(result) ? readDocument(result).peakMemoryBytes : undefined,
  }
}

/** The kept ones in an order of the seed's, taken from its start until one does not fit. */
function within(
  budget: Raw,
  seed: unknown,
  kept: readonly string[],
  states: ReadonlyMap<string, number>,
): { ids: string[]; used: Raw } {
  const place = (id: string): string =>
    createHash("sha256")
      .update(JSON.stringify([seed, id]))
      .digest("hex")
      .slice(0, 16)
  const taken = new Set<string>()
  let sum = 0
  for (const id of kept.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))) {
    const more = sum + states.get(id)!
    if (taken.size === budget.trajectories || more > Number(budget.states ?? Number.POSITIVE_INFINITY)) break
    taken.add(id)
    sum = more
  }
  return { ids: kept.filter((id) => taken.has(id)), used: { trajectories: taken.size, states: sum } }
}
