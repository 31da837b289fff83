/** What a policy has seen of the questions that one cell asks: looked up before the first is asked. */
import {
  type Leak,
  type LeakCounts,
  type LeakKind,
  leakKinds,
  type SeenQuestion,
  SwirlError,
  type Task,
} from "@swirl-ts/core"
import { findLeaks } from "./find-leaks.ts"
import { type BenchmarkSplit, knownQuestion, workedExamples } from "./known-question.ts"

export interface CellLeaks {
  /** `<benchmark>/<split>`. */
  cell: string
  /** Questions. */
  asked: number
  byTask: ReadonlyMap<string, Leak>
}

/** Of a task's worked examples only those count that its own prompt shows. */
export function cellLeaks(from: BenchmarkSplit, tasks: readonly Task[], seen: Iterable<SeenQuestion>): CellLeaks {
  const asked = tasks.map((task) => knownQuestion(from, task))
  const shown = tasks.map((task) => workedExamples(from, task))
  const worked = (questions: Iterable<string>): SeenQuestion[] =>
    Array.from(questions, (question) => ({
      schema: "swirl.seen-question/1",
      benchmark: from.benchmark.fullName,
      split: from.split,
      question,
      isGenerated: from.benchmark.value.leaks?.isGenerated,
      use: "worked-example",
    }))
  const byAny = findLeaks(asked, worked(new Set(shown.flat())))
  const byTask = new Map<string, Leak>()
  for (const [place, leak] of findLeaks(asked, seen).entries()) {
    const own = byAny[place] && findLeaks([asked[place]!], worked(shown[place]!))[0]
    const found = stronger(leak, own)
    if (found) byTask.set(tasks[place]!.id, found)
  }
  return { cell: `${from.benchmark.fullName}/${from.split}`, asked: tasks.length, byTask }
}

function stronger(a: Leak | undefined, b: Leak | undefined): Leak | undefined {
  if (!a || !b) return a ?? b
  return leakKinds.indexOf(b.kind) < leakKinds.indexOf(a.kind) ? b : a
}

/** By kind, strongest first. */
export function leakCounts(leaks: Iterable<Leak>): LeakCounts {
  const counts = Map.groupBy(leaks, ({ kind }) => kind)
  return Object.fromEntries(leakKinds.flatMap((kind) => (counts.has(kind) ? [[kind, counts.get(kind)!.length]] : [])))
}

const words: Record<LeakKind, string> = {
  id: "by id",
  question: "by text",
  "sub-question": "as a step of another or with a step of their own",
  titles: "with the same gold passages",
  "13-gram": "by most of their words",
}

/** `3 by id, 1 with the same gold passages`. */
export const leaksInWords = (counts: LeakCounts): string =>
  leakKinds.flatMap((kind) => (counts[kind] ? [`${counts[kind]} ${words[kind]}`] : [])).join(", ")

/** The very question: nobody takes a number over these for one over others. */
const isRefused = ({ kind }: Leak): boolean => kind === "id" || kind === "question"

/** Throws where a cell asks what was seen; `whoHasSeen` begins the sentence. */
export function refuseLeaks(cells: readonly CellLeaks[], whoHasSeen: string): void {
  const said = cells.flatMap(({ cell, asked, byTask }) => {
    const refused = [...byTask].filter(([, leak]) => isRefused(leak))
    if (refused.length === 0) return []
    const first = refused.slice(0, 3).map(([id, { seen }]) => `${id}${whereSeen(id, seen)}`)
    const counts = leaksInWords(leakCounts(refused.map(([, leak]) => leak)))
    return [
      `${refused.length} of the ${asked} questions of ${cell} (${counts}), such as ${first.join(", ")}${refused.length > 3 ? " …" : ""}`,
    ]
  })
  if (said.length === 0) return
  throw new SwirlError(
    `${whoHasSeen} ${said.join("; ")}. What is measured on them is memory. Measure on another split, or have them counted beside the number: --leak report`,
    { kind: "usage" },
  )
}

const uses = { training: "trained on", selection: "judged for", "roll-outs": "watched in", "worked-example": "shown" }

function whereSeen(id: string, { taskId, benchmark, split, use, training }: Leak["seen"]): string {
  const as = taskId === undefined || taskId === id ? "" : ` as ${taskId} of ${benchmark}/${split}`
  return ` (${uses[use]}${as}${training === undefined ? "" : ` in ${training}`})`
}
