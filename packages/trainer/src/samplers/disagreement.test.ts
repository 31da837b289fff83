/** States that a policy can learn at: kept by their share of good first actions, counted, and the same after a stop. */
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { type CandidateStateRecord, sampledTokens, type TrainingContext } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { toyContext } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { readMetrics } from "../../test/read-metrics.ts"
import { distinctStates } from "../decompose.ts"
import { swirl } from "../swirl.ts"

const small = {
  states: 12,
  iterations: 6,
  learningRate: 0.05,
  maxTokens: 6,
  rolloutEvery: 3,
  checkpointEvery: 2,
  minGood: 0.1,
  maxGood: 0.2,
}

async function candidates(directory: string, round = 1): Promise<CandidateStateRecord[]> {
  const text = await readFile(join(directory, "rounds", String(round), "states.jsonl"), "utf8")
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}

const inBand = ({ good = -1 }: CandidateStateRecord): boolean => good >= 0.1 && good <= 0.2

/** The training, and the ids of the states that its steps sampled at. */
async function trained(options: object, directory = temporaryFolder(), changes: Partial<TrainingContext> = {}) {
  const context = await toyContext(directory, { ...small, ...options })
  const ids = new Map(distinctStates(context.trajectories).map(({ id, promptTokenIds }) => [promptTokenIds.join(), id]))
  const drawn: string[][] = []
  const { engine } = context
  const sample: typeof engine.sample = (prompts, how) => {
    drawn.push(prompts.map((prompt) => ids.get(prompt.join())!))
    return engine.sample(prompts, how)
  }
  await swirl.train({ ...context, ...changes, engine: { ...engine, sample } })
  return { directory, drawn, states: ids.size }
}

describe("disagreement", () => {
  it("trains only at states whose share of good first actions is in the band, and says why the others are left out", async () => {
    const said: string[] = []
    const { directory, drawn, states } = await trained({}, undefined, { log: (line) => void said.push(line) })
    const records = await candidates(directory)
    expect(records.length).toBe(states)
    const kept = records.filter(inBand)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThan(states)
    const first = Math.ceil(states / small.states)
    expect(new Set(drawn.slice(0, first).flat())).toEqual(new Set(records.map(({ id }) => id)))
    const allowed = new Set(kept.map(({ id }) => id))
    expect(drawn.slice(first).length).toBe(6)
    for (const id of drawn.slice(first).flat()) expect(allowed.has(id)).toBe(true)
    const above = records.filter(({ good }) => good! > 0.2).length
    const below = records.filter(({ good }) => good! < 0.1).length
    expect([above > 0, below > 0]).toEqual([true, true])
    const [, step1, step2] = await readMetrics(directory)
    const counts = { candidateStates: states, learnableStates: kept.length, statesTooGood: above, statesTooBad: below }
    expect(step1!.values).toMatchObject({ ...counts, statesUnscored: 0 })
    expect(step2!.values).toMatchObject(counts)
    expect(step1!.values.candidateTokens).toBe(records.reduce((sum, { tokens }) => sum + tokens, 0))
    expect(step2!.values).not.toHaveProperty("candidateTokens")
    expect(said).toEqual([
      `round 1: ${kept.length} of ${states} states have a share of good actions from 0.1 to 0.2; ${above} above, ${below} below, 0 without two scored actions`,
    ])
  })

  it("has no say where no band is asked for: nothing is sampled for it", async () => {
    const { directory, drawn } = await trained({ minGood: undefined, maxGood: undefined })
    expect(drawn.length).toBe(6)
    expect(existsSync(join(directory, "rounds"))).toBe(false)
  })

  it("looks at no more candidates than it is told to, drawn by the seed", async () => {
    const { directory } = await trained({ candidates: 30, minGood: 0.05, maxGood: 0.8 })
    const ids = (await candidates(directory)).map(({ id }) => id)
    expect(new Set(ids).size).toBe(30)
    expect(
      (await candidates((await trained({ candidates: 30, minGood: 0.05, maxGood: 0.8 })).directory)).map(
        ({ id }) => id,
      ),
    ).toEqual(ids)
  })

  it("takes the share of recorded actions where it is told to: no token is sampled, and a state that one trajectory passes through has none", async () => {
    const band = { minGood: 0.1, maxGood: 0.9, shareOf: "recorded" }
    const { directory, drawn, states } = await trained(band)
    const records = await candidates(directory)
    const context = await toyContext(temporaryFolder(), { ...small, ...band })
    const known = new Map(distinctStates(context.trajectories).map((state) => [state.id, state]))
    expect(records.length).toBe(states)
    for (const { id, samples, tokens, good } of records) {
      expect([samples, tokens]).toEqual([known.get(id)!.occurrences, 0])
      if (samples < 2) expect(good).toBeUndefined()
    }
    const allowed = records.filter(({ good = -1 }) => good >= 0.1 && good <= 0.9).map(({ id }) => id)
    expect(allowed.length).toBeGreaterThan(0)
    expect(drawn.length).toBe(6)
    for (const id of drawn.flat()) expect(allowed).toContain(id)
    const [, first] = await readMetrics(directory)
    expect(first!.values).toMatchObject({ candidateTokens: 0, learnableStates: allowed.length })
  })

  it("looks again in every round, at the states of that round", async () => {
    const { directory } = await trained({ rounds: 2 })
    const values = (await readMetrics(directory)).slice(1).map((metric) => metric.values)
    const [one, two] = [await candidates(directory, 1), await candidates(directory, 2)]
    expect(values.map(({ candidateStates }) => candidateStates)).toEqual([
      ...[0, 0, 0].map(() => one.length),
      ...[0, 0, 0].map(() => two.length),
    ])
    expect(values[3]).toMatchObject({ learnableStates: two.filter(inBand).length, round: 2 })
    expect(values.map(({ roundTokens }) => roundTokens !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  it("ends with the same metrics where it was stopped, in the first sample or after it", async () => {
    const whole = await trained({ rounds: 2 })
    const timeless = async (directory: string) =>
      (await readMetrics(directory)).map(({ values: { seconds: _, ...values }, step }) => ({ step, values }))
    for (const stops of [(calls: number) => calls === 1, (_: number, step: number) => step === 4]) {
      const directory = temporaryFolder()
      const stop = new AbortController()
      let calls = 0
      const context = await toyContext(directory, { ...small, rounds: 2 })
      const judge: TrainingContext["judge"] = (requests) => {
        if (stops(calls++, 0)) stop.abort(new Error("stopped"))
        return context.judge(requests)
      }
      const onMetric: TrainingContext["onMetric"] = ({ step }) => {
        if (stops(0, step)) stop.abort(new Error("stopped"))
      }
      const broken = { ...context, judge, onMetric, abortSignal: stop.signal }
      await expect(swirl.train(broken)).rejects.toThrow("stopped")
      await trained({ rounds: 2 }, directory)
      expect(await timeless(directory)).toEqual(await timeless(whole.directory))
    }
  })

  it("says what to do where no state is in the band, and counts what cannot be scored as neither", async () => {
    const unscored: TrainingContext["judge"] = async (requests) =>
      requests.map(() => ({ verdict: "unscored", reason: "away" }))
    const none = trained({ minGood: 0.5, maxGood: 0.5 }, undefined, { judge: unscored })
    await expect(none).rejects.toThrow(
      /None of the \d+ candidate states .* \d+ without two scored actions\. Widen the band/,
    )
    await expect(trained({ minGood: 0.8, maxGood: 0.2 })).rejects.toThrow("minGood 0.8 is above maxGood 0.2")
  })
})

describe("tokenBudget", () => {
  it("ends a training with the step that spends it, first samples among them, and a larger one goes on", async () => {
    const budgeted = { iterations: 50, tokenBudget: 1500 }
    const expected: (number | undefined)[] = []
    const onMetric: TrainingContext["onMetric"] = (_, of) => void expected.push(of?.steps)
    const { directory } = await trained(budgeted, undefined, { onMetric })
    const records = await readMetrics(directory)
    expect(records.length).toBeLessThan(50)
    expect(sampledTokens(records)).toBeGreaterThanOrEqual(1500)
    expect(sampledTokens(records.slice(0, -1))).toBeLessThan(1500)
    // Before the first step nothing is known of it, at the end it is.
    const last = records.length - 1
    expect([expected[0], expected[last]]).toEqual([50, last])
    expect(expected.slice(2).every((steps) => Math.abs(steps! - last) <= last / 2)).toBe(true)
    expect(records.at(-1)!.values.rolloutAccuracy).toEqual(expect.any(Number))
    expect(existsSync(join(directory, "checkpoints", String(records.length - 1)))).toBe(true)
    await trained(budgeted, directory)
    expect((await readMetrics(directory)).length).toBe(records.length)
    await trained({ ...budgeted, tokenBudget: 2500 }, directory)
    expect(sampledTokens(await readMetrics(directory))).toBeGreaterThanOrEqual(2500)
  })
})
