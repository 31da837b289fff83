/** What a command's `run` works with: the context of the stages, a voice, and the settings that a worker opens the same with. */
import { resolve } from "node:path"
import type { Host } from "@swirl-ts/core"
import { withImported } from "@swirl-ts/formats/imported"
import type { RequestMeter } from "@swirl-ts/kit"
import type { StageContext } from "@swirl-ts/stages"
import { codeVersion } from "./code-version.ts"
import { dataPaths } from "./data-paths.ts"
import type { ValuesOf } from "./options/option.ts"
import {
  cacheOptions,
  commonOptions,
  dataOptions,
  engineOptions,
  modelOptions,
  requestOptions,
  runOptions,
  toolOptions,
} from "./options/tables.ts"
import type { Output } from "./output.ts"
import type { LoadedConfig } from "./plugins.ts"
import { requestMeter, requestSettings } from "./request-settings.ts"
import { toolLimits } from "./tool-limits.ts"
import { version } from "./version.ts"

/** Commands that lack one of these as a flag take the config's, or the default. */
export const contextOptions = {
  ...commonOptions,
  ...runOptions,
  ...dataOptions,
  ...modelOptions,
  ...engineOptions,
  ...toolOptions,
  ...cacheOptions,
  ...requestOptions,
}

export type ContextSettings = ValuesOf<typeof contextOptions>

export interface CommandContext extends StageContext {
  requests: NonNullable<StageContext["requests"]> & { meter: RequestMeter }
  abortSignal: AbortSignal
  onProgress: NonNullable<StageContext["onProgress"]>
  /** A line for people, not said with `--quiet`. */
  say(line: string): void
  settings: ContextSettings
  configPath?: string
  /** What of config and plugins could not be loaded, where the command goes on without it. */
  problems: readonly string[]
}

export interface Outside {
  host: Host
  abortSignal: AbortSignal
  output: Pick<Output, "say" | "progress">
  /** Of a process that does several jobs of one command. */
  meter?: RequestMeter
  problems?: readonly string[]
}

export function openContext(
  settings: ContextSettings,
  { config, path, registry, texts }: LoadedConfig,
  { host, abortSignal, output, meter = requestMeter(settings), problems = [] }: Outside,
): CommandContext {
  const { workingDirectory } = host
  const { run, seed, concurrency, baseUrl, backend, precision, engineUrl, data } = settings
  const { toolTimeout: timeout, observationLimit } = settings
  const directory = resolve(workingDirectory, run ?? runOptions.run.default)
  return {
    registry: withImported(registry, directory),
    host,
    directory,
    seed,
    concurrency,
    modelOptions: { baseUrl: baseUrl.length > 0 ? baseUrl.join(",") : undefined, backend, precision },
    engineUrl,
    // Without plugins there is no benchmark to name.
    dataPaths: registry.plugins.length > 0 ? dataPaths(data, config.data, registry, workingDirectory) : {},
    models: config.models,
    toolLimits: toolLimits({ timeout, observationLimit }, config.tools, registry),
    requests: { ...requestSettings(settings), meter },
    swirlVersion: version,
    pluginTexts: texts,
    codeVersion,
    abortSignal,
    onProgress: (progress) => output.progress({ ...progress, requests: meter.inWords }),
    say: output.say,
    settings,
    configPath: path,
    problems,
  }
}
