/** An algorithm from what is its own: its options, what it cannot do without, and how it makes an update. */
import type { Algorithm, AlgorithmNeed, EngineFactory, TrainingContext } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { Settings } from "@swirl-ts/store"
import type { z } from "zod"
import type { CreditedBatch } from "./credited-batch.ts"
import { firstUpdate } from "./first-update.ts"
import { checkAbilities, checkNeeds } from "./needs.ts"
import { amounts, type TrainingSettings } from "./options.ts"
import { type LoopOptions, trainingLoop } from "./training-loop.ts"
import { trainingSpec } from "./training-spec.ts"

export interface AlgorithmRecipe<S extends TrainingSettings> {
  name: string
  description: string
  needs?: readonly AlgorithmNeed[]
  schema: z.ZodObject<z.ZodRawShape> & z.ZodType<S>
  /** Settings that follow from others and that a training has to be gone on with. */
  derived?(options: S): Settings
}

/** The options of an algorithm; actions may be as long as the benchmarks' own steps, unless the options say otherwise. */
export function optionsOf<S extends TrainingSettings>(
  { name, schema }: Pick<AlgorithmRecipe<S>, "name" | "schema">,
  { stepTokens, options }: Pick<TrainingContext, "stepTokens" | "options">,
): S {
  const defaults = "maxTokens" in schema.shape ? { maxTokens: stepTokens } : {}
  return readOptions(`algorithm ${name}`, schema, defaults, options) as S
}

export interface Updates<B extends CreditedBatch> {
  /** Samples and credits step `step`, from 1; the engine's weights and gradients stay as they are. */
  batch(step: number): Promise<B>
  /** Adds the gradients of a batch. */
  accumulate(batch: B): ReturnType<LoopOptions["update"]>
}

/** `begin` looks at what there is to train on, and gives what an update is. */
export function algorithmOf<S extends TrainingSettings, B extends CreditedBatch>(
  recipe: AlgorithmRecipe<S>,
  begin: (context: TrainingContext, options: S) => Promise<Updates<B>>,
) {
  const { name, description, needs, schema } = recipe
  const begun = async (context: TrainingContext): Promise<{ options: S; updates: Updates<B> }> => {
    const options = optionsOf(recipe, context)
    checkNeeds(name, needs, context)
    return { options, updates: await begin(context, options) }
  }
  return {
    description,
    ...(needs ? { needs } : {}),
    amounts: "rounds" in schema.shape ? [...amounts, "rounds"] : amounts,
    checkOptions: (options, engine?: Pick<EngineFactory, "lacks">) =>
      checkAbilities(name, optionsOf(recipe, { options }), engine),
    settings: (context) => optionsOf(recipe, context),
    async train(context) {
      const { options, updates } = await begun(context)
      const spec = { ...trainingSpec(context, name, options), ...recipe.derived?.(options) }
      const update = async (step: number) => updates.accumulate(await updates.batch(step))
      return trainingLoop(context, { spec, options, update })
    },
    async dryRun(context: TrainingContext): Promise<{ text: string; data: unknown }> {
      const { options, updates } = await begun(context)
      return firstUpdate(context, name, options, await updates.batch(1))
    },
  } satisfies Algorithm
}
