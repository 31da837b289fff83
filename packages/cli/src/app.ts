/** What every command works with: options of all levels, output, registry, and the run's stage context. */
import { resolve } from "node:path"
import { type Host, type Registry, SwirlError } from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"
import { type Command, InvalidArgumentError, Option } from "commander"
import { dataPaths } from "./data-paths.ts"
import { processHost } from "./host.ts"
import { createOutput, type Output } from "./output.ts"
import { type LoadedConfig, loadPlugins } from "./plugins.ts"

export interface CommonOptions {
  json?: boolean
  debug?: boolean
  quiet?: boolean
  config?: string
  plugin?: string[]
  data?: string[]
  run?: string
  seed?: number
  concurrency?: number
  backend?: "wasm" | "native"
  baseUrl?: string
}

export interface App {
  host: Host
  output: Output
  loaded: LoadedConfig
  registry: Registry
  context: StageContext
  abortSignal: AbortSignal
  /** Judges the steps where no flag names another. */
  stepJudge: string
}

const wholeFrom =
  (least: number) =>
  (value: string): number => {
    const number = Number(value)
    if (value.trim() === "" || !Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError(`It has to be a whole number, ${least} or more.`)
    return number
  }
export const integer = wholeFrom(0)
/** Of what there has to be at least one. */
export const positive = wholeFrom(1)
export const decimal = (value: string): number => {
  const number = Number(value)
  if (value.trim() === "" || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError("It has to be a number, 0 or more.")
  return number
}
export const share = (value: string): number => {
  const number = decimal(value)
  if (number > 1) throw new InvalidArgumentError("It has to be a number from 0 to 1.")
  return number
}
const repeated = (value: string, previous: string[] = []): string[] => [...previous, value]

/** Options that every command has. Flag > `SWIRL_*` > config > default. */
export function withCommonOptions(command: Command): Command {
  return command
    .addOption(new Option("--json", "one JSON document on standard output, everything else on standard error"))
    .addOption(new Option("--quiet", "no progress"))
    .addOption(new Option("--debug", "stack traces for errors"))
    .addOption(
      new Option("--config <file>", "config file (default: swirl.config.ts of the working directory)").env(
        "SWIRL_CONFIG",
      ),
    )
    .addOption(
      new Option("--plugin <package>", "load one more plugin, by package name or path (repeatable)").argParser(
        repeated,
      ),
    )
}

/** Options of commands that work in a run folder. */
export function withRunOptions(command: Command): Command {
  return command
    .addOption(new Option("--run <directory>", "run folder").env("SWIRL_RUN").default("runs/default"))
    .addOption(new Option("--seed <n>", "seed of everything random (default: 7)").env("SWIRL_SEED").argParser(integer))
    .addOption(
      new Option("--concurrency <n>", "trajectories at once (default: 16)")
        .env("SWIRL_CONCURRENCY")
        .argParser(positive),
    )
}

/** The option of commands that read tasks. */
export const dataOption = (): Option =>
  new Option(
    "--data <[benchmark=]path>",
    "file or folder in place of a download, for one benchmark or for all (repeatable; a folder for all may hold one folder a benchmark)",
  ).argParser(repeated)

/** Options of commands that open a model. */
export function withModelOptions(command: Command): Command {
  return command
    .addOption(new Option("--base-url <url>", "address of an OpenAI-compatible server").env("SWIRL_BASE_URL"))
    .addOption(
      new Option("--backend <name>", "TensorFlow.js backend of local models (default: native where installed)")
        .choices(["wasm", "native"])
        .env("SWIRL_BACKEND"),
    )
}

const abort = new AbortController()
/** The first signal asks to stop, at the next place where nothing is lost; the second one stops at once. */
function stop(by: string, exitCode: number): void {
  if (abort.signal.aborted) process.exit(exitCode)
  abort.abort(new SwirlError(`Stopped by ${by}. The same command continues where it stopped.`))
}
process.on("SIGINT", () => {
  stop("Ctrl-C", 130)
  process.stderr.write("\nStopping: what is done is on disk; the same command continues. Ctrl-C again stops at once.\n")
})
process.on("SIGTERM", () => stop("a signal", 143))
export const wasInterrupted = (): boolean => abort.signal.aborted

export async function openApp(options: CommonOptions): Promise<App> {
  const host = processHost()
  const output = createOutput({ json: options.json ?? false, quiet: options.quiet ?? false })
  const loaded = await loadPlugins({
    workingDirectory: host.workingDirectory,
    config: options.config,
    plugins: options.plugin ?? [],
  })
  for (const { origin, message } of loaded.registry.broken) output.say(`Left out: ${origin}: ${message}`)
  const { defaults = {} } = loaded.config
  const context: StageContext = {
    registry: loaded.registry,
    host,
    directory: resolve(host.workingDirectory, options.run ?? "runs/default"),
    seed: options.seed ?? defaults.seed ?? 7,
    concurrency: options.concurrency ?? defaults.concurrency ?? 16,
    modelOptions: {
      baseUrl: options.baseUrl,
      backend: options.backend,
    },
    dataPaths: dataPaths(options.data ?? [], loaded.config.data, loaded.registry, host.workingDirectory),
    models: loaded.config.models,
    abortSignal: abort.signal,
    onProgress: (progress) => output.progress(progress),
  }
  return {
    host,
    output,
    loaded,
    registry: loaded.registry,
    context,
    abortSignal: abort.signal,
    stepJudge: defaults.judge ?? "grounded",
  }
}
