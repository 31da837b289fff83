import { type Episode, type TrainingContext, taskKey } from "@swirl-ts/core"
import { id, toyContext } from "@swirl-ts/testing"
import { expect, it } from "vitest"
import { goldOf, withGains } from "./gold-gains.ts"
import { trajectoryRows } from "./trajectory-rows.ts"

const task = { benchmark: "toy/toy", split: "train", taskId: "train/0" }

async function episodesOf(context: TrainingContext): Promise<Episode[]> {
  const made = await context.rollouts!([task], 16, 1)
  return made.filter(({ steps }) => steps.length === 3)
}

it("is the difference in the probability of the answer's own ids, before and after a step, and none of the last", async () => {
  const context = await toyContext("", {})
  const episodes = await episodesOf(context)
  expect(episodes.length).toBeGreaterThan(1)
  const rows = await withGains(context, await goldOf(context, [task]), episodes, episodes.flatMap(trajectoryRows))
  // The gold answer to 0 is 1: `say 1`, of which `1` is the answer.
  const answer = [id("say"), id("1"), id("<end>")]
  const probability = async (promptTokenIds: readonly number[]): Promise<number> => {
    const [logs] = await context.engine.logProbabilities([{ promptTokenIds, tokenIds: answer }], "current")
    return Math.exp(logs![1]!)
  }
  for (const row of rows) {
    const next = rows.find(({ episodeId, step }) => episodeId === row.episodeId && step === row.step + 1)
    if (!next) expect(row.gain).toBeUndefined()
    else
      expect(row.gain).toBeCloseTo(
        (await probability(next.promptTokenIds)) - (await probability(row.promptTokenIds)),
        12,
      )
  }
})

it("is not known where the answer goes beyond the engine's context", async () => {
  const context = await toyContext("", {})
  const episodes = await episodesOf(context)
  const rows = episodes.flatMap(trajectoryRows)
  const contextSize = rows[0]!.promptTokenIds.length + 3
  const short = { ...context, engine: { ...context.engine, contextSize } }
  const gained = await withGains(short, new Map([[taskKey(task), "1"]]), episodes, rows)
  expect(gained.every(({ gain }) => gain === undefined)).toBe(true)
})

it("says so where a chat template writes the model's turn otherwise than it opens it", async () => {
  const context = await toyContext("", {})
  const model = context.engine.languageModel()
  const conversation = { ...model.conversation!, start: () => [1] }
  const engine = { ...context.engine, languageModel: () => ({ ...model, conversation }) }
  const gold = new Map([[taskKey(task), "1"]])
  await expect(withGains({ ...context, engine }, gold, await episodesOf(context), [])).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("Give the model another template"),
  })
})

it("asks for every reference answer at the beginning, and says which task has none", async () => {
  const context = await toyContext("", {})
  await expect(goldOf({ ...context, gold: async () => [] }, [task])).rejects.toThrow(
    "The task train/0 of toy/toy/train has no reference answer",
  )
})
