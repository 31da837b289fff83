/** The engine of a training, by its name: what it is made with, and what it may ask of other plugins. */
import { callPlugin, callPluginFor, type Engine, type EngineServices, whoseIs } from "@swirl-ts/core"
import { type StageContext, unloadedPolicy } from "../context.ts"

export interface EngineRequest {
  /** Model string of the starting policy. */
  policy: string
  engine: string
  /** What the engine is created with, beside policy, backend and address; absent: its defaults. */
  engineOptions?: Readonly<Record<string, unknown>>
}

const servicesOf = (context: StageContext): EngineServices => ({
  unloaded: (policy) => unloadedPolicy(context, policy),
  abortSignal: context.abortSignal,
})

const optionsOf = ({ modelOptions, engineUrl: url }: StageContext, { engineOptions, policy }: EngineRequest) => ({
  ...engineOptions,
  policy,
  backend: modelOptions?.backend,
  url,
})

/** Throws where the engine would refuse the training, or has no server; nothing is made. */
export async function checkEngine(context: StageContext, request: EngineRequest): Promise<void> {
  const entry = context.registry.resolve("engines", request.engine)
  await callPlugin({ whose: whoseIs(entry), what: "check" }, async () =>
    entry.value.check?.(optionsOf(context, request), context.host, servicesOf(context)),
  )
}

export async function createEngine(context: StageContext, request: EngineRequest): Promise<Engine> {
  const entry = context.registry.resolve("engines", request.engine)
  return callPluginFor("engine", { whose: whoseIs(entry), what: "create" }, () =>
    entry.value.create(optionsOf(context, request), context.host, servicesOf(context)),
  )
}

/** An engine that takes whole jobs, where `--engine` names one; engines of our own loop go first. */
export const jobEngineOf = ({ registry }: Pick<StageContext, "registry">, { engine }: Pick<EngineRequest, "engine">) =>
  registry.has("jobEngines", engine) && !registry.has("engines", engine)
    ? registry.resolve("jobEngines", engine)
    : undefined

/** Digest of the weights that it starts from; undefined where the engine cannot say. */
export async function startingWeights(context: StageContext, request: EngineRequest): Promise<string | undefined> {
  if (jobEngineOf(context, request)) return (await unloadedPolicy(context, request.policy)).identity
  const entry = context.registry.resolve("engines", request.engine)
  const { value } = entry
  if (!value.identity) return undefined
  return callPluginFor("digest of weights", { whose: whoseIs(entry), what: "identity" }, () =>
    value.identity!(request.policy, context.host, servicesOf(context)),
  )
}
