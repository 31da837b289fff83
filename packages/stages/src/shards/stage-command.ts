/** The command that makes a shard's stage, from what `run.json` says of the stage elsewhere. Servers, keys and plugins are not in it. */
import { type Shard, shardName, temperatureSuffix } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import type { Settings } from "@swirl-ts/store"

export function stageCommand(stage: string, settings: Settings, { shard, run }: { shard: Shard; run: string }): string {
  const [kind] = stage.split("/", 1)
  const where = ["--run", quoted(run)]
  if (kind === "judge")
    return ["swirl judge", ...flags({ judge: settings.judge }), ...judgeOptions(settings), ...where].join(" ")
  if (kind === "outcomes")
    return `swirl eval … --judge ${quoted(String(settings.judge))} --shard ${shardName(shard)} --run ${quoted(run)}`
  if (typeof settings.from === "string")
    return `swirl judge --from <the folder of run ${settings.from.split(":")[0]}> --shard ${shardName(shard)} --run ${quoted(run)}`
  const { benchmark, split } = cellOfStage(stage, settings)
  const limits = isObject(settings.limits) ? settings.limits : {}
  const prompt = isObject(settings.prompt) ? settings.prompt.file : undefined
  const { steps, toolCalls, stepTokens } = limits as Settings
  const {
    samples,
    epochs,
    model,
    temperature,
    actionFormat,
    seed,
    limit,
    skip,
    tools,
    dataPath: data,
    shots,
  } = settings
  return [
    kind === "generate" ? "swirl generate" : "swirl eval",
    quoted(kind === "generate" ? benchmark : `${benchmark}/${split}`),
    ...flags({ split: kind === "generate" ? split : undefined, model, samples, epochs, temperature }),
    ...flags({ "action-format": actionFormat, seed, limit, skip, tools, data, prompt, shots }),
    ...flags({ steps, "tool-calls": toolCalls, "step-tokens": stepTokens }),
    "--shard",
    shardName(shard),
    ...where,
  ].join(" ")
}

/** `generate/<benchmark>/<split>` and `eval/<policy>/<benchmark>[@<temperature>]/<split>`; the benchmark's full name holds slashes. */
export function cellOfStage(stage: string, { temperature }: Settings): { benchmark: string; split: string } {
  const rest = stage.startsWith("generate/") ? stage.slice("generate/".length) : stage.replace(/^eval\/[^/]+\//, "")
  const cut = rest.lastIndexOf("/")
  const suffix = stage.startsWith("eval/") ? temperatureSuffix((temperature ?? 0) as number) : ""
  const name = rest.slice(0, cut)
  return {
    benchmark: suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name,
    split: rest.slice(cut + 1),
  }
}

const flags = (values: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, quoted(String(value))]))

/** Judges that ask a model say their settings by identities alone. */
const judgeOptions = ({ options }: Settings): string[] =>
  isObject(options)
    ? Object.entries(options).flatMap(([name, value]) => ["--judge-option", quoted(`${name}=${JSON.stringify(value)}`)])
    : []

/** As a POSIX shell reads it. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
