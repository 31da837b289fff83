/**
 * A command that has finished, given again. Where plugins, settings, policy and every file it goes by are the same, what it said
 * then is what it would say, and nothing is read again. Only a command asks this: whoever calls stages as functions has plugins
 * whose text nobody knows.
 */
import { contentHash, type LoadOptions } from "@swirl-ts/core"
import { digestsOf, type Finished, finishedCommand, type RunSpec, readRun } from "@swirl-ts/store"
import { dataPathOf, type StageContext } from "./context.ts"
import { recordedDataPath } from "./tasks.ts"

export interface AskedAgain {
  command: string
  request: object
  /** What the policy or the judge is. */
  identity: unknown
  /** Whose tasks it reads. */
  splits: readonly { benchmark: string; split: string; shots?: number }[]
}

/** Undefined where it cannot be known what the command goes by. */
export async function askedAgain<T extends object>(
  context: StageContext,
  { command, request, identity, splits }: AskedAgain,
): Promise<Finished<T> | undefined> {
  const { registry, host, directory, seed, models, toolLimits, pluginTexts, codeVersion, abortSignal } = context
  if (!codeVersion) return undefined
  const inputs: string[] = []
  for (const { benchmark, split, shots } of splits) {
    const { fullName, value } = registry.resolve("benchmarks", benchmark)
    const dataPath = await recordedDataPath(context, directory, fullName, split)
    const options: LoadOptions = { host, dataPath, shots, abortSignal }
    const read = await value.filesRead?.(split, options)
    if (!read) return undefined
    inputs.push(...read)
  }
  const key = contentHash({
    command,
    request,
    identity,
    seed,
    models,
    toolLimits,
    pluginTexts,
    code: codeVersion(),
    plugins: registry.plugins.map(({ meta: { name, version } }) => [name, version]),
    data: splits.map(({ benchmark }) => dataPathOf(context, registry.resolve("benchmarks", benchmark).fullName)),
  })
  return finishedCommand<T>(directory, { key, inputs, facts: () => stagesOf(directory, command) })
}

/** Of `run.json`, the stages of a command; another is none of its business. */
async function stagesOf(directory: string, command: string): Promise<unknown> {
  const record = await readRun(directory)
  if (!record) return null
  const stages = Object.entries(record.spec as RunSpec).filter(([stage]) => stage.startsWith(`${command}/`))
  return stages.map(([stage, settings]) => [stage, settings, digestsOf(record, stage)])
}
