/** Which split of a benchmark is evaluated. */
import { isSwirlError } from "@swirl-ts/core"
import { dataPathOf, type StageContext } from "../context.ts"
import { selectTasks } from "../rollouts.ts"

export interface Cell {
  benchmark: string
  split: string
}

/** `name` is a benchmark, or `<benchmark>/<split>`; `split` is that of the flag, if any. */
export async function cellOf(context: StageContext, name: string, split?: string): Promise<Cell> {
  const slash = name.lastIndexOf("/")
  if (slash > 0 && !context.registry.has("benchmarks", name))
    return { benchmark: name.slice(0, slash), split: name.slice(slash + 1) }
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
    if (!isSwirlError(error) || error.kind !== "usage") throw error
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
