/** Which split of a benchmark is evaluated. */
import { type Cell, isSwirlError, PluginFailure, parseCell, SwirlError } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import { dataPathOf, type StageContext } from "../context.ts"
import { selectTasks } from "../rollouts.ts"

/** `name` is a benchmark, or `<benchmark>/<split>`; `split` is that of the flag, if any. */
export async function cellOf(
  context: StageContext,
  name: string,
  split?: string,
): Promise<Pick<Cell, "benchmark" | "split">> {
  const cell = context.registry.has("benchmarks", name) ? undefined : parseCell(name)
  if (cell?.temperature)
    throw new SwirlError(`"${name}" names a temperature; it is an option of its own: --temperature.`, { kind: "usage" })
  if (cell) return { benchmark: cell.benchmark, split: cell.split }
  return { benchmark: name, split: split ?? (await standardSplit(context, name)) }
}

/**
 * The benchmark's own for evaluation; where `--data` holds no file of that, the first other one whose tasks have
 * references, which is said. Throws what the benchmark says of the missing one where there is none.
 */
async function standardSplit(context: StageContext, name: string): Promise<string> {
  const { value, fullName } = context.registry.resolve("benchmarks", name)
  const own = value.evaluationSplit ?? "test"
  if (dataPathOf(context, fullName) === undefined) return own
  const first = (split: string) => selectTasks(context, context.directory, name, { split, limit: 1 })
  try {
    await first(own)
    return own
  } catch (error) {
    if (!isSwirlError(error) || error.kind !== "usage" || error instanceof PluginFailure || error instanceof BrokenFile)
      throw error
    for (const split of value.splits) {
      if (split === own) continue
      const [task] = await first(split).catch(() => [])
      if (task?.answer === undefined) continue
      context.host.log(`${fullName}: there is no ${own} split in --data; its ${split} split is taken.`)
      return split
    }
    throw error
  }
}
