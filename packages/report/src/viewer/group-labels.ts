/** What people call the policy of each group: its row of the matrix, or the model that it is; and of two in one cell never the same. */
import type { ReportMatrix } from "../data.ts"
import type { SampleGroup } from "./summary-page.ts"

type Named = Pick<SampleGroup, "stage" | "cell" | "run" | "policy" | "model">

/** `rows`: of each group its place in the matrix, or -1. */
export function groupLabels(
  groups: readonly Named[],
  rows: readonly number[],
  matrix: ReportMatrix | undefined,
  folders: readonly string[],
): string[] {
  const short = groups.map((group, index) => rowName(matrix, rows[index]!) ?? modelName(group))
  const owners = new Map<string, Set<string>>()
  const placeOf = (index: number): string => JSON.stringify([groups[index]!.stage, groups[index]!.cell, short[index]])
  for (const [index, { policy, run }] of groups.entries()) {
    const sharing = owners.get(placeOf(index)) ?? new Set<string>()
    owners.set(placeOf(index), sharing.add(JSON.stringify([policy, rows[index]! < 0 ? run : rows[index]])))
  }
  return groups.map((group, index) => {
    const name = short[index]!
    if (owners.get(placeOf(index))!.size === 1) return name
    const others = groups.filter((_, other) => placeOf(other) === placeOf(index))
    const isOfPolicy = new Set(others.map(({ policy }) => policy)).size > 1
    return `${name} (${isOfPolicy ? group.policy : folders[group.run] || "this folder"})`
  })
}

function rowName(matrix: ReportMatrix | undefined, index: number): string | undefined {
  const row = matrix?.rows[index]
  // Where nobody planned rows, they are called as their policies' records are.
  if (!row || row.model !== undefined) return undefined
  return row.seed === undefined ? row.name : `${row.name} #${row.seed}`
}

/** `swirl-process, step 20` of a checkpoint, else what stands last in the model string. */
function modelName({ model, policy }: Named): string {
  if (model === undefined) return policy
  const checkpoint = /[\\/]train[\\/]([^\\/]+)[\\/]checkpoints[\\/](\d+)$/.exec(model)
  if (checkpoint) return `${checkpoint[1]}, step ${checkpoint[2]}`
  const path = /^local:.*[\\/]([^\\/]+)$/.exec(model)
  return path && model.split(/[\\/]/).length > 3 ? path[1]! : model
}
