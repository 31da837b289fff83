/** Two evaluations side by side: the cells that both have, each paired question by question. */
import {
  type CellResult,
  type ChangedCell,
  cellName,
  type Registry,
  SwirlError,
  type Temperature,
} from "@swirl-ts/core"
import { evaluationAt } from "./evaluation-at.ts"
import { pairedCells } from "./paired-cells.ts"
import { type EvaluatedCell, readEvaluation } from "./read-evaluation.ts"

export interface ComparedCell {
  cell: string
  /** The other evaluation's, where it is another one: at another temperature. */
  against?: string
  base: CellResult
  result: ChangedCell
}

/** Whose evaluation a side is. */
export interface ComparedPolicy {
  /** Its name in records. */
  name: string
  /** The model string, where `run.json` says it. */
  model?: string
}

export interface Comparison {
  policies: { a: ComparedPolicy; b: ComparedPolicy }
  cells: ComparedCell[]
  /** Names of cells that only one of the two has. */
  onlyInA: string[]
  onlyInB: string[]
}

/** Which cells of the first and of the second evaluation are compared, whatever the temperature of the other. */
export type Temperatures = readonly [a: Temperature, b: Temperature]

/**
 * Paired comparison of all cells that two evaluations share: same benchmark, split and temperature, or the two
 * temperatures that are asked for. `a` and `b` are run folders with one policy, folders `eval/<policy>`, or sample files.
 */
export async function compareAllCells(
  registry: Registry,
  a: string,
  b: string,
  seed: number,
  temperatures?: Temperatures,
): Promise<Comparison> {
  const before = await readEvaluation(registry, await evaluationAt(a))
  const after = await readEvaluation(registry, await evaluationAt(b))
  const asked = (cells: ReadonlyMap<string, EvaluatedCell>, temperature: Temperature | undefined) =>
    [...cells].filter(([, cell]) => temperature === undefined || cell.temperature === temperature)
  const rest = new Map(asked(after, temperatures?.[1]))
  const compared: Omit<Comparison, "policies"> = { cells: [], onlyInA: [], onlyInB: [] }
  for (const [cell, base] of asked(before, temperatures?.[0])) {
    const counterpart = temperatures ? cellName({ ...base, temperature: temperatures[1] }) : cell
    const row = rest.get(counterpart)
    if (row) {
      const against = counterpart === cell ? undefined : counterpart
      compared.cells.push({ cell, against, ...pairedCells(base, row, seed) })
      rest.delete(counterpart)
    } else compared.onlyInA.push(cell)
  }
  compared.onlyInB = [...rest.keys()]
  if (compared.cells.length === 0) throw nothingShared(a, b, before, after)
  return { policies: { a: policyOf(before), b: policyOf(after) }, ...compared }
}

/** Files of an evaluation are of one policy. */
function policyOf(cells: ReadonlyMap<string, EvaluatedCell>): ComparedPolicy {
  const [cell] = cells.values()
  const model = cell?.facts?.settings.model
  return { name: cell!.samples[0]!.policy, model: typeof model === "string" ? model : undefined }
}

/** The cells of `compareAllCells` alone. */
export const compareEvaluations = async (...given: Parameters<typeof compareAllCells>): Promise<ComparedCell[]> =>
  (await compareAllCells(...given)).cells

function nothingShared(
  a: string,
  b: string,
  before: ReadonlyMap<string, EvaluatedCell>,
  after: ReadonlyMap<string, EvaluatedCell>,
): SwirlError {
  const names = (cells: ReadonlyMap<string, EvaluatedCell>): string => [...cells.keys()].join(", ") || "nothing"
  const [one, other] = [...before.values()].flatMap((base) => {
    const row = [...after.values()].find((each) => each.benchmark === base.benchmark && each.split === base.split)
    return row ? [base.temperature, row.temperature] : []
  })
  const hint =
    one === undefined
      ? ""
      : ` To compare the one temperature with the other all the same: --temperatures ${one},${other}`
  return new SwirlError(`There is no cell to compare: ${a} has ${names(before)}, ${b} has ${names(after)}.${hint}`, {
    kind: "usage",
  })
}
