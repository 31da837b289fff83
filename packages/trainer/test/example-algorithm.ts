import { type Algorithm, definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import {
  distinctStates,
  drawBatch,
  groupValues,
  SwirlOptionsSchema,
  sampleGroups,
  trainingLoop,
  trainingSpec,
} from "@swirl-ts/trainer"

/** Expert iteration: raise the probability of fresh actions the judge calls good, and of nothing else. */
const expertIteration: Algorithm = {
  description: "cross-entropy on fresh actions that are judged good",
  train(context) {
    const options = readOptions("algorithm expert-iteration", SwirlOptionsSchema, context.options)
    const states = distinctStates(context.trajectories, options.weighting)
    const weights = states.map((state) => state.weight)
    return trainingLoop(context, {
      spec: trainingSpec(context, "expert-iteration", options),
      options,
      async update(step) {
        const drawn = drawBatch(weights, options.states, context.seed, step - 1).map((index) => states[index]!)
        const groups = await sampleGroups(context, drawn, step, options)
        const rows = groups.flatMap(({ state, actions }) =>
          actions
            .filter((sample) => sample.verdict === "good")
            .map(({ tokenIds }) => ({
              promptTokenIds: state.promptTokenIds,
              tokenIds,
              coefficients: tokenIds.map(() => 1),
            })),
        )
        if (rows.length === 0) return { values: groupValues(groups), hasGradient: false }
        const { loss } = await context.engine.forwardBackward(rows, { normaliser: rows.length })
        return { values: { ...groupValues(groups), loss }, hasGradient: true }
      },
    })
  },
}

export default definePlugin({
  meta: { name: "expert-iteration", version: "1.0.0", apiVersion: 1 },
  algorithms: { "expert-iteration": expertIteration },
})
