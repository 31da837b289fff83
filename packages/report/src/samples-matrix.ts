/** The plain accuracies of what was evaluated in run folders, where no experiment wrote a matrix. */
import {
  byQuestion,
  type Cell,
  cellName,
  type Maker,
  madeBy,
  type QuestionOfSample,
  scoresByQuestion,
  shortName,
} from "@swirl-ts/core"
import { scoreInterval } from "@swirl-ts/stats"
import { evaluationStage, type RunSpec, readRun, type TemperedSample } from "@swirl-ts/store"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"

/** What every `run.json` says of evaluations. */
export interface EvaluatedStages {
  /** Policy -> the model string that it was evaluated by: the name of a policy may be a digest alone. */
  models: ReadonlyMap<string, string>
  /** Stage -> who made its records, in all of the folders. */
  makers: ReadonlyMap<string, readonly Maker[]>
}

export async function evaluatedStages(runs: readonly string[]): Promise<EvaluatedStages> {
  const models = new Map<string, string>()
  const makers = new Map<string, readonly Maker[]>()
  for (const run of runs) {
    const record = await readRun(run)
    for (const [stage, { model }] of Object.entries((record?.spec ?? {}) as RunSpec)) {
      const [kind, policy] = stage.split("/")
      if (kind !== "eval" || policy === undefined) continue
      if (typeof model === "string") models.set(policy, model)
      makers.set(stage, [...(makers.get(stage) ?? []), ...(record?.makers?.[stage] ?? [])])
    }
  }
  return { models, makers }
}

interface Scored {
  samples: (QuestionOfSample & Pick<TemperedSample, "maker"> & { score: number })[]
  unscored: number
  errors: number
  limits: number
  /** Samples of questions that the policy has seen, with a score or without. */
  leaked: QuestionOfSample[]
  /** Samples of questions of which nobody looked whether it has. */
  unguarded: QuestionOfSample[]
}

/** Gathers samples into a matrix of policies over cells; changes need a pairing and are left out. */
export function samplesMatrix() {
  const cells = new Map<string, Cell>()
  const values = new Map<string, Map<string, Scored>>()
  return {
    /** `score` is that of the primary metric; undefined where the sample has none. */
    add(sample: TemperedSample, score: number | undefined): void {
      const { policy } = sample
      const name = cellName(sample)
      cells.set(name, sample)
      const row = values.get(policy) ?? new Map<string, Scored>()
      values.set(policy, row)
      const gathered = row.get(name) ?? { samples: [], unscored: 0, errors: 0, limits: 0, leaked: [], unguarded: [] }
      row.set(name, gathered)
      const { taskId, questionHash, maker, status, leak, leakGuard } = sample
      if (leak) gathered.leaked.push({ taskId, questionHash })
      if (leakGuard) gathered.unguarded.push({ taskId, questionHash })
      if (status === "error") gathered.errors++
      if (score === undefined) gathered.unscored++
      else {
        if (status === "limit") gathered.limits++
        gathered.samples.push({ taskId, questionHash, maker, score })
      }
    },
    /** Rows in the order of their model strings. */
    matrix({ models, makers }: EvaluatedStages): ReportMatrix | undefined {
      if (values.size === 0) return undefined
      const columns = columnNames(cells)
      const rows = [...values].map(([name, row]): ReportRow => {
        const shown = [...row].flatMap(([cell, scored]) =>
          scored.samples.length > 0
            ? [[columns.get(cell)!, summary(scored, makers.get(evaluationStage(name, cells.get(cell)!)))] as const]
            : [],
        )
        return { name, kind: "reference", model: models.get(name), cells: Object.fromEntries(shown) }
      })
      const order = ({ name, model = name }: ReportRow): string => `${model} ${name}`
      rows.sort((a, b) => (order(a) < order(b) ? -1 : 1))
      return { columns: [...columns.values()].sort(), rows }
    },
  }
}

/** Short names of benchmarks, but where two cells would have one name. */
function columnNames(cells: ReadonlyMap<string, Cell>): Map<string, string> {
  const short = [...cells].map(([name, cell]) => ({
    name,
    short: cellName({ ...cell, benchmark: shortName(cell.benchmark) }),
  }))
  const of = Map.groupBy(short, (each) => each.short)
  return new Map(short.map((each) => [each.name, of.get(each.short)!.length > 1 ? each.name : each.short]))
}

function summary(scored: Scored, makers: readonly Maker[] | undefined): ReportCell {
  const { scores, asked } = scoresByQuestion(scored.samples, ({ score }) => score)
  const { value, n, questions, ci } = scoreInterval(scores, asked)
  const { unscored, errors, limits, leaked, unguarded } = scored
  return {
    accuracy: value,
    n,
    questions,
    ci,
    unscored: unscored || undefined,
    errors: errors || undefined,
    limits: limits || undefined,
    leaked: byQuestion(leaked).length || undefined,
    unguarded: byQuestion(unguarded).length || undefined,
    madeBy: madeBy(scored.samples, makers),
  }
}
