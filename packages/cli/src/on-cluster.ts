/** `--engine`: a command that a cluster does, each shard as one job, with the settings that were settled here. */
import { SwirlError } from "@swirl-ts/core"
import { type MergedRun, runShards } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"
import type { Given, OptionTable } from "./options/option.ts"
import { clusterOptions, commonOptions, runOptions } from "./options/tables.ts"
import { wordsOf } from "./options/words.ts"

interface ClusterCommand {
  name: string
  options: OptionTable
  /** Options that a shard alone cannot keep, each with what to do instead. */
  whole: Readonly<Record<string, string>>
  /** Options that are of the result, which is made here. */
  here?: readonly string[]
}

interface ClusterValues {
  benchmarks: readonly string[]
  engine?: string
  shards?: number
  shard?: unknown
  limit?: number
  ids?: readonly string[]
}

/** Undefined where it is done here. */
export async function onCluster(
  context: CommandContext,
  { name, options, whole, here = [] }: ClusterCommand,
  given: ClusterValues,
): Promise<MergedRun | undefined> {
  const { benchmarks, engine, shards = 1, limit } = given
  const values: Given = { ...given }
  if (engine === undefined) {
    if (given.shards === undefined) return undefined
    throw usage(
      "--shards divides what a cluster does: give --engine, too, e.g. --engine ray. Here, each shard is a command of its own: --shard 1/4",
    )
  }
  const refused = { ...ofTheWhole, ...whole }
  for (const [option, advice] of Object.entries(refused))
    if (values[option] !== undefined && values[option] !== false) throw usage(advice)
  if (limit !== undefined && limit < shards)
    throw usage(`${limit} tasks are fewer than ${shards} shards. Give fewer (--shards).`)
  const { run: _run, ...ofRun } = runOptions
  const left = [...Object.keys(clusterOptions), "run", ...here]
  const own = Object.fromEntries(Object.entries({ ...options, ...ofRun }).filter(([option]) => !left.includes(option)))
  const { config, plugin } = commonOptions
  const words = [name, ...benchmarks, ...wordsOf(own, values), ...wordsOf({ config, plugin }, { ...context.settings })]
  return runShards(context, { engine, count: shards, words, name: `${name} ${benchmarks.join(" ")}` })
}

const usage = (what: string): SwirlError => new SwirlError(what, { kind: "usage" })

const budget = (flag: string): string =>
  `${flag} is what one command may use, and with --engine each shard is one: they would use it once each. Leave it out, or run the shards yourself (--shard).`

const ofTheWhole: Readonly<Record<string, string>> = {
  shard: "--shard names one shard, and --engine has all of them made. Give one of the two.",
  ids: "--ids names tasks, and --engine divides those of a split. Give one of the two.",
  maxTokens: budget("--max-tokens"),
  maxCost: budget("--max-cost"),
}
