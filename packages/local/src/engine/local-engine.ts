/**
 * The local engine: core's four verbs over our own transformer, in this process. Rows come flat; equal states
 * are joined, and the transformer packs those that begin alike into one trie, so a shared token is computed once.
 * Invariant: the initial policy is that of the weights the engine was made with, whatever is loaded later: a frozen copy of
 * them where they are trained, the same weights without the adapter where an adapter is.
 */
import {
  type Engine,
  type EngineOptions,
  endsAt,
  type Host,
  type LanguageModel,
  type SampledSequence,
  type SampleOptions,
  SwirlError,
  seedFrom,
  type TrainingRow,
} from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import {
  accumulate,
  adamStep,
  adapterTargets,
  clearGradients,
  cloneModel,
  createGradients,
  createOptimiser,
  disposeModel,
  disposeOptimiser,
  evaluateLoss,
  forwardBackward,
  freeOnFailure,
  type Gradients,
  initAdapter,
  mergeAdapters,
  type OptimiserState,
  tokenBudgetOf,
  withAdapter,
  withoutTrained,
} from "@swirl-ts/transformer"
import { z } from "zod"
import { startBackend } from "../backend-choice.ts"
import { createDecodeLoop, type DecodeLoop, type DecodeRequest } from "../decode-loop.ts"
import { localLanguageModel } from "../language-model.ts"
import { PrecisionSchema } from "../model-options.ts"
import { checkModelSize } from "../model-size.ts"
import { loadPolicy, type Policy, readPolicyConfig } from "../policy.ts"
import { policySource, sourceIdentity } from "../policy-source.ts"
import { precisionOf } from "../precision.ts"
import { createBatchBudget } from "./batch-budget.ts"
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts"
import { inRowOrder, joinEqualStates } from "./equal-states.ts"

const OptionsSchema = z.strictObject({
  /** Padded tokens of one micro-batch; a longer trie is cut into its trunk and batches of leaves. Default: by the model's size. */
  tokenBudget: z.int().min(1).optional(),
  /** Rows decoded together, as for models. */
  maxRows: z.int().min(1).optional(),
  /** Computes layers again for the gradient instead of keeping them: less memory, a third more time. */
  recompute: z.boolean().default(false),
  /** Rank of the LoRA adapter that is trained in place of the weights. */
  lora: z.int().min(1).optional(),
  /** Default: twice the rank. */
  loraAlpha: z.number().positive().optional(),
  /** The linear weights that are adapted; default: all seven kinds. */
  loraTargets: z.array(z.enum(adapterTargets)).min(1).optional(),
  /** Of the weights under an adapter; what is trained is f32. Default f32. */
  precision: PrecisionSchema.optional(),
})
type LocalEngineSettings = z.infer<typeof OptionsSchema>

/** Loads a policy and makes an engine of it. Throws a usage error for options that it cannot have. */
export async function openLocalEngine(
  { policy, backend, url: _url, ...options }: EngineOptions,
  host: Host,
): Promise<Engine> {
  const settings = readOptions("engine local", OptionsSchema, options)
  const started = await startBackend(backend, host)
  const asked = askedPrecision(settings)
  const source = await policySource(policy, host)
  const { directory, adapters } = source
  const config = readPolicyConfig(directory)
  const precision = await precisionOf(asked, { config, backend: started }, host)
  const adapter = settings.lora !== undefined
  checkModelSize({ directory, config, backend: started, use: "train", precision, adapter }, host)
  const base = adapter ? { name: source.name, digest: await sourceIdentity(source, host) } : undefined
  return createLocalEngine({ ...loadPolicy(directory, { adapters, precision }), base }, settings, host.log)
}

/** Throws a usage error for what goes with an adapter alone. */
function askedPrecision({ lora, loraAlpha, loraTargets, precision }: LocalEngineSettings) {
  const refuse = (what: string): never => {
    throw new SwirlError(`${what} is for training an adapter: give its rank, too, e.g. --lora 16.`, { kind: "usage" })
  }
  if (lora === undefined && loraAlpha !== undefined) refuse("The alpha of LoRA")
  if (lora === undefined && loraTargets !== undefined) refuse("A list of LoRA's targets")
  if (lora === undefined && precision !== undefined && precision !== "f32") refuse(`The precision ${precision}`)
  return precision
}

/** What is trained, and the policy that its training begins with. */
function prepare({ model }: Policy, { lora: rank, loraAlpha, loraTargets }: LocalEngineSettings) {
  if (rank === undefined) {
    const trained = model.adapters.length > 0 ? mergeAdapters(model) : model
    const initial = cloneModel(trained)
    return { model: trained, initial, freeInitial: () => disposeModel(initial) }
  }
  const settings = { rank, alpha: loraAlpha ?? 2 * rank, targets: loraTargets ?? adapterTargets }
  const trained = withAdapter(model, initAdapter(model.config, settings, "lora"), true)
  return { model: trained, initial: withoutTrained(trained), freeInitial: () => {} }
}

/** An engine over a loaded policy, which it owns from then on: `dispose` frees it. */
export function createLocalEngine(
  policy: Policy,
  settings = OptionsSchema.parse({}),
  log?: (line: string) => void,
): Engine {
  const { text } = policy
  const { model, initial, freeInitial } = prepare(policy, settings)
  const { tokenBudget = tokenBudgetOf(model.config), maxRows, recompute } = settings
  const gradients: Gradients = createGradients()
  const batches = createBatchBudget(tokenBudget, log)
  let optimiser: OptimiserState = createOptimiser()
  // Actions are leaves: nobody continues them, so sampling remembers nothing. Conversations go on, so the model does.
  const sampling = createDecodeLoop(model, { stopTokenIds: text.endOfTurnTokenIds, maxRows, prefixCacheBytes: 0 })
  let conversations: DecodeLoop | undefined
  let live: LanguageModel | undefined

  /** Waits until nobody generates, changes the weights, and forgets what was computed under the old ones. */
  const changeWeights = async <T>(change: () => T): Promise<T> => {
    await sampling.whenIdle()
    await conversations?.whenIdle()
    try {
      return change()
    } finally {
      conversations?.weightsChanged()
    }
  }

  return {
    contextSize: model.config.maxPositions,

    sample: (prompts, sampleOptions) => {
      if (prompts.length !== sampleOptions.seeds.length) {
        throw new SwirlError(`sample was given ${prompts.length} prompts and ${sampleOptions.seeds.length} seeds.`)
      }
      const isEnd = endsAt(text.codec, sampleOptions.stopSequences ?? [])
      return Promise.all(
        prompts.map((prompt, index) =>
          sampleOne(sampling, prompt, sampleOptions.seeds[index]!, { ...sampleOptions, isEnd }),
        ),
      )
    },

    forwardBackward: async (rows, loss) => {
      const { states, places } = joinEqualStates(rows)
      const kl = loss.exactKl
      // What a call that ran out of memory has added is thrown away with it.
      const own = createGradients()
      const result = batches.run(
        (tokenBudget) =>
          freeOnFailure([model, initial], () =>
            forwardBackward(model, states, own, {
              normaliser: loss.normaliser,
              tokenBudget,
              recompute,
              exactKl: kl && { weight: kl.weight, reference: initial },
            }),
          ),
        () => own.clear(),
      )
      accumulate(gradients, Object.fromEntries(own))
      const logProbabilities = inRowOrder(result.logProbabilities, places)
      return { loss: result.loss, logProbabilities, exactKl: kl && result.divergence }
    },

    optimStep: (adam) =>
      changeWeights(() => {
        try {
          return gradients.size > 0 ? adamStep(model, gradients, optimiser, adam) : { gradientNorm: 0 }
        } finally {
          clearGradients(gradients)
        }
      }),

    clearGradients: async () => clearGradients(gradients),

    logProbabilities: async (rows, which) => {
      const { states, places } = joinEqualStates(rows.map(withoutCoefficients))
      const of = which === "current" ? model : initial
      const scored = batches.run((tokenBudget) =>
        freeOnFailure([of], () => evaluateLoss(of, states, { normaliser: 1, tokenBudget })),
      )
      return inRowOrder(scored.logProbabilities, places)
    },

    saveState: async (directory) => saveCheckpoint(directory, { ...policy, model }, optimiser),

    loadState: (directory) =>
      changeWeights(() => {
        const loaded = loadCheckpoint(directory, model)
        disposeOptimiser(optimiser)
        clearGradients(gradients)
        optimiser = loaded
      }),

    languageModel: () => {
      conversations ??= createDecodeLoop(model, { stopTokenIds: text.endOfTurnTokenIds, maxRows })
      live ??= localLanguageModel({
        modelId: `${policy.directory} in training`,
        text,
        loop: conversations,
        weights: model,
        contextSize: model.config.maxPositions,
      })
      return live
    },

    dispose: async () => {
      sampling.dispose()
      conversations?.dispose()
      clearGradients(gradients)
      disposeOptimiser(optimiser)
      freeInitial()
      disposeModel(model)
    },
  }
}

/** All samples of a prompt are queued together: its tokens go through the network once. */
function sampleOne(
  loop: DecodeLoop,
  prompt: readonly number[],
  seed: number,
  { n, maxTokens, temperature, isEnd, abortSignal }: SampleOptions & Pick<DecodeRequest, "isEnd">,
): Promise<SampledSequence[]> {
  return Promise.all(
    Array.from({ length: n }, (_, index) =>
      loop.generate({
        promptTokenIds: prompt,
        maxTokens,
        temperature,
        topP: 1,
        topK: 0,
        seed: seedFrom(seed, index),
        isEnd,
        abortSignal,
      }),
    ),
  )
}

const withoutCoefficients = (row: Pick<TrainingRow, "promptTokenIds" | "tokenIds">): TrainingRow => ({
  promptTokenIds: row.promptTokenIds,
  tokenIds: row.tokenIds,
  coefficients: new Array<number>(row.tokenIds.length).fill(0),
})
