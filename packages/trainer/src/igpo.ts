/** Information gain: fresh episodes x how much more probable each step made the gold answer. It sees that answer, so its trainings are marked `oracle`. */
import { informationGain } from "./credit/information-gain.ts"
import { goldOf, withGains } from "./gold-gains.ts"
import { IgpoOptionsSchema, type IgpoSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { freshEpisodes } from "./samplers/fresh-episodes.ts"
import { tasksOf } from "./tasks.ts"

export const igpo = policyGradient<IgpoSettings>({
  name: "igpo",
  description:
    "whole fresh episodes, every step rewarded by how much more probable it made the reference answer (oracle)",
  needs: ["rollouts", "gold"],
  schema: IgpoOptionsSchema,
  async sampler(context, options) {
    const gold = await goldOf(context, tasksOf(context))
    return freshEpisodes(context, options, { gains: (episodes, rows) => withGains(context, gold, episodes, rows) })
  },
  credit: informationGain,
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip, unit: "episode" }),
})
