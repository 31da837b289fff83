/** The matrix that an experiment wrote into its folder, `matrix.json`. */
import { MatrixSchema } from "@swirl-ts/core"
import { readDocument, runPaths } from "@swirl-ts/store"
import type { ReportMatrix } from "./data.ts"
import { reportMatrix } from "./matrix-facts.ts"

/** Undefined where there is none. */
export async function readMatrixFile(directory: string): Promise<ReportMatrix | undefined> {
  const matrix = await readDocument(runPaths(directory).matrix, MatrixSchema, "Make it again with swirl matrix.")
  return matrix && reportMatrix(matrix)
}
