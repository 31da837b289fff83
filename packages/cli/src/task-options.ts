/** Options of commands that walk over a benchmark's tasks. */
import { SwirlError } from "@swirl-ts/core"
import { type Command, InvalidArgumentError, Option } from "commander"
import { dataOption, integer, positive } from "./app.ts"

export interface TaskOptions {
  model: string
  split?: string
  limit?: number
  ids?: string[]
  actionFormat: string
  shard?: string
  steps?: number
  toolCalls?: number
  stepTokens?: number
}

function idList(text: string): string[] {
  const ids = text.split(",").filter((id) => id !== "")
  if (ids.length === 0) throw new InvalidArgumentError("It has to name one task at least.")
  return ids
}

/** `split`: the default; without one, the caller takes the benchmark's own for evaluation. */
export function withTaskOptions(command: Command, split?: string): Command {
  return command
    .addOption(
      new Option("--model <model>", "nano, local:<directory>, llama:<file.gguf>, openai:<model>, script:<file>")
        .env("SWIRL_MODEL")
        .default("nano"),
    )
    .addOption(
      new Option("--split <name>", split ? "of the benchmark" : "default: the benchmark's own for evaluation").default(
        split,
      ),
    )
    .addOption(dataOption())
    .addOption(new Option("--limit <n>", "first n tasks").argParser(positive))
    .addOption(new Option("--ids <list>", "only these task ids, separated by commas").argParser(idList))
    .addOption(
      new Option("--action-format <name>", "how actions are written: tags or native")
        .env("SWIRL_ACTION_FORMAT")
        .default("tags"),
    )
    .addOption(new Option("--steps <n>", "most steps, in place of the benchmark's own").argParser(positive))
    .addOption(new Option("--tool-calls <n>", "most tool calls, in place of the benchmark's own").argParser(integer))
    .addOption(
      new Option("--step-tokens <n>", "most sampled tokens a step, in place of the benchmark's own").argParser(
        positive,
      ),
    )
    .addOption(new Option("--shard <i/n>", "every n-th task, from the i-th, e.g. 1/4"))
}

export function taskOptions(options: TaskOptions) {
  const { steps, toolCalls, stepTokens } = options
  const limits = Object.fromEntries(
    Object.entries({ steps, toolCalls, stepTokens }).filter(([, value]) => value !== undefined),
  )
  return {
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    model: options.model,
    actionFormat: options.actionFormat,
    limit: options.limit,
    ids: options.ids,
  }
}

/** `2/4` -> the second of four shards. */
export function parseShard(text: string | undefined): { shard?: { index: number; count: number } } {
  if (text === undefined) return {}
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const [index, count] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || index < 1 || count < 1 || index > count)
    throw new SwirlError(`A shard is i/n with 1 <= i <= n, not "${text}".`, { kind: "usage" })
  return { shard: { index, count } }
}
