/** Corpus coverage of a cell, counted from the `coverage.json` that stands beside its samples. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Cell, Evaluation } from "./evaluations.ts"
import { field, folders, type Raw, readDocument } from "./raw.ts"

/** Undefined where the document does not know every question that was asked. */
export function coverageOf({ folder }: Evaluation, cell: Cell | undefined): Raw | undefined {
  if (!cell) return undefined
  const { benchmark, split, samples } = cell
  const path = join(folders(join(folder, "eval"))[0]!, "coverage.json")
  if (!existsSync(path)) return undefined
  const document = readDocument(path)
  let [known, held] = [0, 0]
  for (const id of new Set(samples.map(({ taskId }) => taskId))) {
    const gold = field(document, "cells", `${benchmark}/${split}`, id, "gold")
    const missing = field(document, "cells", `${benchmark}/${split}`, id, "missing")
    if (!Array.isArray(gold) || !Array.isArray(missing)) return undefined
    if (gold.length === 0) continue
    known++
    if (missing.length === 0) held++
  }
  return { known, held }
}
