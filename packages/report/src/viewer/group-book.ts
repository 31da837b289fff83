/** Groups of samples and their cells by number, and what the samples of each come to. */
import { type Cell, cellName, isSameName, parseCell, shortName } from "@swirl-ts/core"
import type { ReportMatrix } from "../data.ts"
import { groupLabels } from "./group-labels.ts"
import type { SampleGroup, SampleStage, ViewerCell } from "./summary-page.ts"

interface GroupOf {
  stage: SampleStage
  run: number
  policy: string
  benchmark: string
  split: string
  temperature?: Cell["temperature"]
  training?: string
  round?: number
  model?: string
}

/** What one sample adds to its group. */
interface CountedSample {
  score: number | null
  isUnscored: boolean
  isError: boolean
  metrics: Readonly<Record<string, number>>
  primaryMetric?: string
  steps: number
  toolCalls: number
  inputTokens: number
  outputTokens: number
}

export interface GroupBook {
  numberOf(group: GroupOf): number
  add(group: number, sample: CountedSample): void
  groups(matrix: ReportMatrix | undefined, folders: readonly string[]): SampleGroup[]
  cells(matrix: ReportMatrix | undefined): ViewerCell[]
}

type CountedGroup = Omit<SampleGroup, "label">
interface CountedCell extends Omit<ViewerCell, "name" | "metrics"> {
  metrics: Set<string>
}

export function groupBook(): GroupBook {
  const groups: CountedGroup[] = []
  const groupNumbers = new Map<string, number>()
  const cells: CountedCell[] = []
  const cellNumbers = new Map<string, number>()
  const cellNumber = ({ benchmark, split, temperature }: GroupOf): number => {
    const key = JSON.stringify([benchmark, split, temperature])
    const known = cellNumbers.get(key)
    if (known !== undefined) return known
    cellNumbers.set(key, cells.length)
    const cell = { benchmark, split, ...(temperature === undefined ? {} : { temperature }), metrics: new Set<string>() }
    return cells.push(cell) - 1
  }
  return {
    numberOf(group) {
      const { stage, run, policy, training, round, model } = group
      const cell = cellNumber(group)
      const key = JSON.stringify([stage, run, cell, policy, training, round])
      const known = groupNumbers.get(key)
      if (known !== undefined) return known
      groupNumbers.set(key, groups.length)
      const facts = { stage, run, cell, policy, model, training, round }
      const counts = { samples: 0, right: 0, wrong: 0, partly: 0, unscored: 0, errors: 0 }
      return groups.push({ ...facts, ...counts, steps: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 }) - 1
    },
    add(number, sample) {
      const group = groups[number]!
      const { score } = sample
      group.samples++
      if (score === 1) group.right++
      else if (score === 0) group.wrong++
      else if (score !== null) group.partly++
      if (sample.isUnscored) group.unscored++
      if (sample.isError) group.errors++
      for (const name of ["steps", "toolCalls", "inputTokens", "outputTokens"] as const) group[name] += sample[name]
      const cell = cells[group.cell]!
      cell.primaryMetric ??= sample.primaryMetric
      for (const metric of Object.keys(sample.metrics)) cell.metrics.add(metric)
    },
    groups(matrix, folders) {
      const rows = groups.map((group) => (group.stage === "evaluate" ? rowOf(group, matrix, folders[group.run]!) : -1))
      const labels = groupLabels(groups, rows, matrix, folders)
      return groups.map((group, index) => ({
        ...group,
        label: labels[index]!,
        ...(rows[index]! >= 0 ? { row: rows[index]! } : {}),
      }))
    },
    cells: (matrix) => {
      const names = cellNames(cells, matrix?.columns ?? [])
      return cells.map(({ metrics, ...cell }, index) => ({
        ...cell,
        name: names[index]!,
        metrics: [...metrics].sort(),
      }))
    },
  }
}

/** The row of an experiment whose folder it is; where there is no experiment, a row is a policy. */
function rowOf({ policy }: CountedGroup, matrix: ReportMatrix | undefined, folder: string): number {
  const rows = matrix?.rows ?? []
  const [, seed, name = folder] = /^(?:seed-(\d+)\/)?([^/]+)$/.exec(folder) ?? []
  const ofFolder = rows.findIndex((row) => row.name === name && String(row.seed ?? "") === (seed ?? ""))
  return ofFolder >= 0 ? ofFolder : rows.findIndex((row) => row.kind === "reference" && row.name === policy)
}

/** As the matrix names its columns; short names of benchmarks, but where two cells would have one name. */
function cellNames(cells: readonly Omit<CountedCell, "metrics">[], columns: readonly string[]): string[] {
  const short = cells.map((cell) => nameOf({ ...cell, benchmark: shortName(cell.benchmark) }))
  return cells.map((cell, index) => {
    const column = columns.find((each) => isColumnOf(each, cell))
    if (column !== undefined) return column
    return short.filter((each) => each === short[index]).length > 1 ? nameOf(cell) : short[index]!
  })
}

const nameOf = ({ benchmark, split, temperature = 0 }: Omit<CountedCell, "metrics">): string =>
  cellName({ benchmark, split, temperature })

function isColumnOf(column: string, { benchmark, split, temperature }: Omit<CountedCell, "metrics">): boolean {
  const cell = parseCell(column)
  return cell?.split === split && cell.temperature === temperature && isSameName(cell.benchmark, benchmark)
}
