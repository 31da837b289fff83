/** A matrix says by its exit code whether every number that was asked for is there, and over all that it was asked of. */
import type { CellResult, Matrix } from "@swirl-ts/core"

/** 3 where a result is missing, or a cell has more than this share of samples with errors or without a score; else 0. */
export function matrixExitCode(
  { base, baseBySeed = [], rows, withoutResult, failed = [] }: Matrix,
  failOnError = 0,
): number {
  const isMissing = failed.length > 0 || [{ withoutResult }, ...rows].some(lacksResult)
  const cells = [{ cells: base }, ...baseBySeed, ...rows].flatMap((row) => Object.values<CellResult>(row.cells))
  const isUnscored = ({ n, unscored = 0 }: CellResult): boolean => unscored > failOnError * (n + unscored)
  return isMissing || cells.some(isUnscored) ? 3 : 0
}

const lacksResult = ({ outcome, withoutResult }: Pick<Matrix["rows"][number], "outcome" | "withoutResult">): boolean =>
  outcome !== undefined || Object.keys(withoutResult ?? {}).length > 0
