/** What every stage needs: names, the outside, a run folder, a seed. Stages are functions of this and of their own options. */
import {
  callPlugin,
  callPluginFor,
  type Host,
  type ModelOptions,
  nothingOffered,
  type OpenModel,
  type Registry,
  SwirlError,
  shortName,
  suggestion,
  type ToolLimits,
  type UnloadedPolicy,
  whoseIs,
} from "@swirl-ts/core"
import { type Limiter, letGo, type RequestMeter } from "@swirl-ts/kit"
import { existsSync, join, resolve } from "@swirl-ts/platform"
import type { ToolCallSettings, ToolReplay } from "@swirl-ts/runner"
import { providerOf } from "@swirl-ts/store"
import { cachedModel } from "./response-cache/cached-model.ts"
import type { ResponseCache } from "./response-cache/response-cache.ts"

export interface Progress {
  stage: string
  done: number
  /** Left out where nobody knows it. */
  total?: number
  /** Counts worth seeing while it runs, e.g. `12 malformed`. */
  detail?: string
  /** What to say of requests to servers, whenever it is asked; nothing where there are none. */
  requests?(): string | undefined
}

export interface StageContext {
  registry: Registry
  host: Host
  /** The run folder. */
  directory: string
  seed: number
  concurrency: number
  modelOptions?: ModelOptions
  /** Address of the server of an engine that has one; no part of what a training is. */
  engineUrl?: string
  /**
   * `--data`: files or folders by benchmark name, short or full, or under `""` for every benchmark; default: the one
   * that generation used, or a download.
   */
  dataPaths?: Readonly<Record<string, string>>
  /** Short names for model strings, from the config. */
  models?: Readonly<Record<string, string>>
  /** Of every call of a tool; what stands under a full name in `tools` goes first. */
  toolLimits?: ToolLimits & { tools?: Readonly<Record<string, ToolLimits>> }
  /** Asked before any model is. Default: none. */
  responseCache?: ResponseCache
  /** Answers in place of tools, of a recorded run, and the folder that it is in. Default: tools are called. */
  toolReplay?: ToolReplay
  replayedFrom?: string
  /** How models are asked. Default: with the timeouts of their providers, six attempts, no budget. */
  requests?: RequestSettings
  /** Of the command, for records. */
  swirlVersion?: string
  /** Digests of the text that plugins were made from, for records: of the config by its file's name, of a plugin by its own. */
  pluginTexts?: Readonly<Record<string, string>>
  /** Of a command: what its own code is, for telling whether one that has finished would do the same again. Absent: nobody knows. */
  codeVersion?(): string
  abortSignal?: AbortSignal
  onProgress?(progress: Progress): void
}

export interface RequestSettings {
  /** Milliseconds that one request may take. */
  timeout?: number
  /** Tries of a request that fails for a passing reason. */
  attempts?: number
  /** Calls of judges at once; default: `concurrency`. */
  judges?: number
  /** Calls of tools at once, of all samples together. Default: each sample's own. */
  limitedTools?: Limiter
  meter?: RequestMeter
}

/** Judgements at once. */
export const judgesAtOnce = ({ requests, concurrency }: Pick<StageContext, "requests" | "concurrency">): number =>
  requests?.judges ?? concurrency

/** How a tool is called, by its full name. */
export const toolCallSettings = (
  { toolLimits: { tools = {}, ...all } = {}, requests }: Pick<StageContext, "toolLimits" | "requests">,
  fullName: string,
): ToolCallSettings => ({ ...all, ...tools[fullName], fullName, limited: requests?.limitedTools })

/** Where a benchmark's files are. Of a folder for every benchmark its sub-folder of that name is taken, where there is one. */
export function dataPathOf(context: Pick<StageContext, "dataPaths" | "host">, fullName: string): string | undefined {
  const { dataPaths = {}, host } = context
  const name = shortName(fullName)
  const own = dataPaths[fullName] ?? dataPaths[name]
  const shared = dataPaths[""]
  if (own !== undefined || shared === undefined) return own
  return existsSync(resolve(host.workingDirectory, shared, name)) ? join(shared, name) : shared
}

/** Who opens a model string: the provider before the first colon, and the reference after it. */
function providerFor(context: StageContext, name: string) {
  const model = context.models?.[name] ?? name
  const colon = model.indexOf(":")
  const prefix = providerOf(model)
  if (!context.registry.has("models", prefix)) {
    const known = [...context.registry.list("models").map((entry) => entry.name), ...Object.keys(context.models ?? {})]
    throw new SwirlError(
      `There is no model provider "${prefix}" (from "${name}").${suggestion(prefix, known)}${nothingOffered(context.registry.list("models"))}`,
      {
        kind: "usage",
      },
    )
  }
  const provider = context.registry.resolve("models", prefix)
  return { provider, model, reference: colon < 0 ? "" : model.slice(colon + 1) }
}

/** Throws where a model string names no provider, or what its provider knows is not there; nothing is opened. */
export async function checkPolicy(context: StageContext, name: string): Promise<void> {
  const { provider, reference } = providerFor(context, name)
  await callPlugin({ whose: whoseIs(provider), what: "check" }, async () =>
    provider.value.check?.(reference, context.host),
  )
}

/** The folder that a policy lies in; undefined for one that lies in none, or that no provider here opens. */
export async function policyDirectory(context: StageContext, name: string): Promise<string | undefined> {
  if (!context.registry.has("models", providerOf(context.models?.[name] ?? name))) return undefined
  const { provider, reference } = providerFor(context, name)
  return callPlugin({ whose: whoseIs(provider), what: "directory" }, () =>
    provider.value.directory?.(reference, context.host),
  )
}

/** `nano`, `local:<directory>`, `openai:<model>` …: the provider before the first colon opens what comes after it. Its close never throws, nor hangs. */
export async function openPolicy(context: StageContext, name: string): Promise<OpenModel> {
  const { provider, model, reference } = providerFor(context, name)
  const { value } = provider
  const options = context.modelOptions ?? {}
  const { timeout, meter } = context.requests ?? {}
  const opened = await callPluginFor("model", { whose: whoseIs(provider), what: "open" }, () =>
    value.open(reference, { ...options, ...(timeout === undefined ? {} : { timeout }) }, context.host),
  )
  const cache = context.responseCache
  const asked = cache ? cachedModel(cache, opened, { model, options }) : opened.model
  return {
    model: meter ? meter.metered({ ...opened, model: asked }, model) : asked,
    identity: opened.identity,
    identityIsDigest: opened.identityIsDigest,
    concurrency: opened.concurrency,
    endpoints: opened.endpoints,
    close: () => letGo(() => opened.close?.(), { what: "close", whose: `the model ${name}`, host: context.host }),
  }
}

/** What of a policy needs no weights; throws a usage error where its provider keeps no token ids. */
export async function unloadedPolicy(context: StageContext, name: string): Promise<UnloadedPolicy> {
  const { provider, reference } = providerFor(context, name)
  const { value } = provider
  if (!value.unloaded)
    throw new SwirlError(
      `"${name}" has no tokenizer that is known here. Name the policy by its folder or hub id: local:<directory>, local:<owner/name>.`,
      { kind: "usage" },
    )
  return callPlugin({ whose: whoseIs(provider), what: "unloaded" }, () => value.unloaded!(reference, context.host))
}
