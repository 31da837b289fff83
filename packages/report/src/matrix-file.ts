/** The matrix that an experiment wrote into its folder, `matrix.json`. */
import { readFile } from "node:fs/promises"
import { errorMessage, MatrixSchema, SwirlError } from "@swirl-ts/core"
import { runPaths } from "@swirl-ts/store"
import type { ReportMatrix } from "./data.ts"
import { reportMatrix } from "./matrix-facts.ts"

/** Undefined where there is none. */
export async function readMatrixFile(directory: string): Promise<ReportMatrix | undefined> {
  const path = runPaths(directory).matrix
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined
    throw error
  }
  try {
    return reportMatrix(MatrixSchema.parse(JSON.parse(text)))
  } catch (error) {
    throw new SwirlError(
      `${path} is no matrix that can be read: ${errorMessage(error)} Make it again with swirl matrix.`,
      { cause: error },
    )
  }
}
