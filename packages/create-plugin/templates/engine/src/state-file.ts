/** `state.json` in a checkpoint's folder: weights and optimiser. JSON writes doubles so that they are read back the same. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { newOptimiser, type Optimiser } from "./adam.ts"
import { newTable, type Table } from "./table.ts"

export interface State {
  table: Table
  optimiser: Optimiser
}

export const newState = (): State => ({ table: newTable(), optimiser: newOptimiser() })

const pathIn = (directory: string): string => join(directory, "state.json")

export async function writeState(directory: string, { table, optimiser }: State): Promise<void> {
  const { steps, first, second } = optimiser
  await writeFile(
    pathIn(directory),
    JSON.stringify({ table: [...table], steps, first: [...first], second: [...second] }),
  )
}

export async function readState(directory: string): Promise<State> {
  try {
    const { table, steps, first, second } = JSON.parse(await readFile(pathIn(directory), "utf8"))
    const [weights, ...moments] = [table, first, second].map((values) => Float64Array.from(values))
    return { table: weights!, optimiser: { steps, first: moments[0]!, second: moments[1]! } }
  } catch (cause) {
    throw new SwirlError(`The checkpoint ${directory} cannot be loaded: ${errorMessage(cause)}`, { cause })
  }
}
