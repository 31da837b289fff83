/** What every stage needs: names, the outside, a run folder, a seed. Stages are functions of this and of their own options. */
import { type Host, type ModelOptions, type OpenModel, type Registry, SwirlError, suggestion } from "@swirl-ts/core"

export interface Progress {
  stage: string
  done: number
  total: number
  /** Counts worth seeing while it runs, e.g. `12 malformed`. */
  detail?: string
}

export interface StageContext {
  registry: Registry
  host: Host
  /** The run folder. */
  directory: string
  seed: number
  concurrency: number
  modelOptions?: ModelOptions
  /** `--data`: the benchmark's file; default: the one that generation used, or a download. */
  dataPath?: string
  /** Short names for model strings, from the config. */
  models?: Readonly<Record<string, string>>
  abortSignal?: AbortSignal
  onProgress?(progress: Progress): void
}

/** `nano`, `local:<directory>`, `openai:<model>` …: the provider before the first colon opens what comes after it. */
export async function openPolicy(context: StageContext, name: string): Promise<OpenModel> {
  const model = context.models?.[name] ?? name
  const colon = model.indexOf(":")
  const prefix = colon < 0 ? model : model.slice(0, colon)
  if (!context.registry.has("models", prefix)) {
    const known = [...context.registry.list("models").map((entry) => entry.name), ...Object.keys(context.models ?? {})]
    throw new SwirlError(`There is no model provider "${prefix}" (from "${name}").${suggestion(prefix, known)}`, {
      kind: "usage",
    })
  }
  const { value } = context.registry.resolve("models", prefix)
  return value.open(colon < 0 ? "" : model.slice(colon + 1), context.modelOptions ?? {}, context.host)
}
