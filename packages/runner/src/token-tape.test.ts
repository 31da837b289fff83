import { random, type Trajectory } from "@swirl-ts/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { answer, benchmark, call, countingTokens, makeTasks, settings, tokenModel } from "../test/sums.ts"
import { TokenTape } from "./token-tape.ts"
import { runTrajectory } from "./trajectory.ts"

const task = makeTasks(1)[0]!

/** Ids up to and without the sampled ones of step `index`, from the record alone. */
function recordedPrompt({ steps }: Trajectory, index: number): number[] {
  return [
    ...steps.slice(0, index).flatMap((step) => [...step.contextTokenIds!, ...step.tokenIds!]),
    ...steps[index]!.contextTokenIds!,
  ]
}

it("records exactly the ids the model saw, and encodes each text once, whatever the model writes", async () => {
  const turn = fc.record({
    text: fc.constantFrom(call("1 + 1"), call("x"), "hm", "<math_exp> cut", answer("2")),
    cut: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 8 }), async (turns) => {
      let index = 0
      const model = tokenModel(() => turns[index++ % turns.length]!)
      const trajectory = await runTrajectory({ ...settings(model), task })
      expect(trajectory.status).not.toBe("error")
      expect(model.seen).toHaveLength(trajectory.steps.length)
      for (const step of trajectory.steps) {
        expect(recordedPrompt(trajectory, step.index)).toEqual(model.seen[step.index])
        expect(step.logProbabilities).toHaveLength(step.tokenIds!.length)
      }
      const entered = trajectory.steps.flatMap((step) =>
        step.observation ? [step.call ? `${step.call.query} -> ${step.observation.text}` : step.observation.text] : [],
      )
      expect(model.conversation.encoded.slice(1)).toEqual(entered)
    }),
    { numRuns: 60 },
  )
})

it("shows a turn to later ones without its thought, where the conversation takes it off, and records how", async () => {
  const tokens = countingTokens()
  const short = tokens.ids(call("1 + 1"))
  const conversation = Object.assign(tokens, {
    shown: (sampled: readonly number[]) => {
      const opening = model.seen[0]!.at(-1)!
      return sampled.length > short.length + 1 ? { dropped: [opening], tokenIds: [opening, ...short, 1] } : undefined
    },
  })
  const turns = [`<think> hm </think> ${call("1 + 1")}`, call("1 + 1"), answer("2")]
  let index = 0
  const model = tokenModel(() => ({ text: turns[index++]! }), conversation)
  const { steps } = await runTrajectory({ ...settings(model), task })
  expect(steps.map((step) => step.shown)).toEqual([
    { dropped: 1, tokenIds: [model.seen[0]!.at(-1), ...short, 1] },
    undefined,
    undefined,
  ])
  const first = [...steps[0]!.contextTokenIds!.slice(0, -1), ...steps[0]!.shown!.tokenIds]
  expect(model.seen[1]).toEqual([...first, ...steps[1]!.contextTokenIds!])
  expect(model.seen[2]).toEqual([...model.seen[1]!, ...steps[1]!.tokenIds!, ...steps[2]!.contextTokenIds!])
  expect(steps[0]!.tokenIds!.length).toBeGreaterThan(short.length + 1)
})

it("closes a turn that was cut off before the next one is opened", async () => {
  const turns = [{ text: "hm", cut: true }, { text: answer("1") }]
  let index = 0
  const model = tokenModel(() => turns[index++]!)
  const trajectory = await runTrajectory({ ...settings(model), task })
  expect(trajectory.steps[0]).toMatchObject({ kind: "malformed", finishReason: "length" })
  expect(trajectory.steps[1]!.contextTokenIds![0]).toBe(1)
})

it("counts every id of the context toward the trajectory's tokens", async () => {
  const model = tokenModel(() => ({ text: "hm" }))
  const opened = countingTokens().start(
    benchmark.prompt(task, { format: settings(model).format, tools: [], limits: benchmark.limits }),
  )
  const limits = { ...benchmark.limits, steps: 100, trajectoryTokens: opened.length + 60 }
  const trajectory = await runTrajectory({ ...settings(model), task, limits })
  expect(trajectory.status).toBe("token-limit")
  const last = model.seen.at(-1)!
  expect(last.length).toBeLessThan(limits.trajectoryTokens)
})

it("refuses a model that tokenised the prompt again, or that hands back no ids", async () => {
  const model = tokenModel(() => ({ text: answer("1") }))
  const doGenerate = model.doGenerate
  model.doGenerate = async (options) => {
    const result = await doGenerate(options)
    const swirl = result.providerMetadata!.swirl as { promptTokenIds: number[] }
    swirl.promptTokenIds = [...swirl.promptTokenIds, 5]
    return result
  }
  expect(await runTrajectory({ ...settings(model), task })).toMatchObject({
    status: "error",
    error: expect.stringContaining("tokenised the prompt again"),
  })
  model.doGenerate = async (options) => ({ ...(await doGenerate(options)), providerMetadata: {} })
  expect(await runTrajectory({ ...settings(model), task })).toMatchObject({
    status: "error",
    error: expect.stringContaining("did not hand back"),
  })
})

it("keeps the sampled ids as they are, for any ids", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 5 }), { maxLength: 5 }),
      fc.integer(),
      (turns, seed) => {
        const tape = new TokenTape(countingTokens(), [{ role: "system", content: "a b c" }])
        const draw = random(seed)
        const all: number[] = []
        for (const tokenIds of turns) {
          const promptTokenIds = tape.promptTokenIds()
          const finishReason = draw.next() < 0.5 ? "stop" : "length"
          const entered = tape.sampled({
            promptTokenIds,
            tokenIds,
            logProbabilities: tokenIds.map(() => 0),
            finishReason,
          })
          all.push(...entered)
          expect(all).toEqual(promptTokenIds)
          all.push(...tokenIds)
          tape.enter([{ role: "system", content: "d" }], finishReason)
        }
      },
    ),
  )
})
