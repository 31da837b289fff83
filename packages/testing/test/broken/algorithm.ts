import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { type Algorithm, judgeInput, rewardOf, SwirlError, seedFrom, type TrainingContext } from "@swirl-ts/core"
import { algorithmChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

type Rewards = readonly (number | undefined)[]

/** What of a sound algorithm is done otherwise. */
interface Changes {
  advantages?: (rewards: Rewards) => (number | undefined)[]
  learningRate?: () => number
  checkpoint?: (path: string) => string
  step?: (step: number) => number
  listens?: boolean
  needsTrajectories?: boolean
}

/** Reward minus the mean reward of the state's actions; what is unscored is left out. */
function baseline(rewards: Rewards): (number | undefined)[] {
  const scored = rewards.filter((reward) => reward !== undefined)
  const mean = scored.reduce((sum, reward) => sum + reward, 0) / scored.length
  return rewards.map((reward) => (reward === undefined ? undefined : reward - mean))
}

/** Policy gradient at the first state of every trajectory. */
const reinforce = (changes: Changes = {}): Algorithm => ({
  description: "Policy gradient at first states.",
  amounts: ["iterations"],
  async train({ engine, trajectories, judge, directory, seed, options, onMetric, abortSignal }: TrainingContext) {
    const { advantages = baseline, learningRate = () => 0.05, checkpoint: placed = (path) => path } = changes
    const { step: numbered = (step) => step, listens = true, needsTrajectories = true } = changes
    if (trajectories.length === 0 && needsTrajectories) throw new SwirlError("There is no trajectory to train on.")
    for (let step = 1; step <= Number(options.iterations); step++) {
      if (listens) abortSignal?.throwIfAborted()
      const states = trajectories.slice(0, 12)
      const prompts = states.map(({ steps }) => steps[0]!.contextTokenIds!)
      const seeds = states.map(({ id }) => seedFrom(seed, step, id))
      const groups = await engine.sample(prompts, { n: 8, maxTokens: 64, temperature: 1, seeds })
      const { decode } = engine.languageModel().conversation!
      let scored = 0
      const rows = []
      for (const [place, group] of groups.entries()) {
        const { benchmark, split, taskId } = states[place]!
        const requests = group.map(({ tokenIds }) => {
          const text = decode(tokenIds)
          const action = { text, action: { kind: "answer" as const, answer: text } }
          return { input: { ...judgeInput(states[place]!, 0), action }, taskId, benchmark, split }
        })
        const each = advantages((await judge(requests)).map(rewardOf))
        for (const [index, { tokenIds }] of group.entries()) {
          const advantage = each[index]
          if (advantage === undefined) continue
          scored++
          rows.push({ promptTokenIds: prompts[place]!, tokenIds, coefficients: tokenIds.map(() => advantage) })
        }
      }
      if (rows.length > 0) {
        await engine.forwardBackward(rows, { normaliser: scored })
        const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 }
        await engine.optimStep({ ...adam, learningRate: learningRate() })
      }
      onMetric?.({ schema: "swirl.metric/1", step: numbered(step), values: { scored }, alarms: [] })
    }
    const checkpoint = join(directory, "checkpoint")
    await mkdir(checkpoint, { recursive: true })
    await engine.saveState(checkpoint)
    return { checkpoint: placed(checkpoint), steps: Number(options.iterations), alarms: [] }
  },
})

export const algorithm = brokenExamples("algorithm", algorithmChecks, [reinforce()], {
  "is an algorithm that can be loaded": [{ ...reinforce(), description: "" }],
  "trains to a checkpoint": [reinforce({ checkpoint: (path) => `${path}-elsewhere` })],
  "gives the same policy with the same seed": [reinforce({ learningRate: () => 0.05 + 1e-9 * Math.random() })],
  "learns nothing from shifted rewards": [
    // Equal rewards still give zero, but large ones count more.
    reinforce({
      advantages: (rewards) =>
        baseline(rewards).map((advantage, index) => advantage && advantage * (1 + rewards[index]!)),
    }),
  ],
  "learns nothing where all rewards are equal": [
    reinforce({
      advantages: (rewards) =>
        baseline(rewards).map((advantage) => (advantage === undefined ? undefined : advantage + 1e-3)),
    }),
  ],
  "learns nothing from what is unscored": [
    reinforce({ advantages: (rewards) => baseline(rewards).map((advantage) => advantage ?? -1) }),
  ],
  "reports its steps in order": [reinforce({ step: () => 1 })],
  "says what is missing where there is no trajectory": [reinforce({ needsTrajectories: false })],
  "stops when it is aborted": [reinforce({ listens: false })],
})
