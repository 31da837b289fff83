/** The Algorithm contract, tried on a toy engine whose every number can be looked at: what moves the policy is what the judge tells apart. */
import { existsSync } from "node:fs"
import {
  type ActionFormat,
  type Algorithm,
  type JudgeVerdict,
  type MetricRecord,
  MetricSchema,
  rewardOf,
  type TrainingContext,
  type TrainingResult,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { ends } from "../checks/ends.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { checkFolder } from "../data/host.ts"
import { shown } from "../data/shown.ts"
import { type ToyEngine, toyEngine } from "../toy/toy-engine.ts"
import { toyContext, toyRollouts } from "../toy/toy-task.ts"

export interface AlgorithmChecks extends CheckOptions {
  /** The algorithm's own options. Default: `{ iterations: 3 }` where `amounts` has iterations. */
  options?: Readonly<Record<string, unknown>>
}

/** Tests an algorithm on the toy engine. */
export function testAlgorithm(algorithm: Algorithm, options: AlgorithmChecks & TestOptions = {}): void {
  register(`algorithm ${options.name ?? defaultName}`, algorithmChecks(algorithm, options), options)
}

const defaultName = "algorithm"

type Judge = (text: string) => JudgeVerdict
const verdict = (isGood: boolean, score?: number): JudgeVerdict => ({
  verdict: isGood ? "good" : "bad",
  reason: "by the check",
  score,
})
const isGood = (text: string): boolean => text.startsWith("add")
/** Every step of an episode can be read: it answers, or goes on. */
const readable: ActionFormat["parse"] = ({ text }) =>
  text.startsWith("say") ? { kind: "answer", answer: text } : { kind: "tool", tool: "add", input: text, query: text }
const plain: Judge = (text) => verdict(isGood(text))

interface Trained {
  result: TrainingResult
  engine: ToyEngine
  before: Float64Array
  judged: number
  metrics: MetricRecord[]
}

/** The checks of `testAlgorithm`. */
export function algorithmChecks(algorithm: Algorithm, options: AlgorithmChecks = {}): Check[] {
  const { name = defaultName } = options
  const subject = `The algorithm ${name}`
  assertOptions(subject, options, { options: true })
  const own = options.options ?? (algorithm.amounts?.includes("iterations") ? { iterations: 3 } : {})

  const train = async (judge: Judge, changes: Partial<TrainingContext> = {}): Promise<Trained> => {
    const engine = toyEngine()
    const before = Float64Array.from(engine.parameters)
    const metrics: MetricRecord[] = []
    let judged = 0
    const context = await toyContext(checkFolder(), own, { engine })
    const result = await algorithm.train({
      ...context,
      // Every action can be read and ends by itself: all that tells them apart is the judge.
      format: { ...context.format, parse: ({ text }) => ({ kind: "answer", answer: text }) },
      stepTokens: 64,
      // The same of fresh episodes: their outcome is what the judge says of how they ended.
      rollouts: toyRollouts(engine, ({ steps }) => rewardOf(judge(steps.at(-1)!.text)), {
        maxTokens: 64,
        parse: readable,
      }),
      judge: async (requests) => {
        judged += requests.length
        return requests.map(({ input }) => judge(input.action.text))
      },
      onMetric: (metric) => metrics.push(metric),
      ...changes,
    })
    return { result, engine, before, judged, metrics }
  }
  const asksNobody = { skipped: "it asks no judge" }
  const goldRewards = algorithm.needs?.includes("gold")
    ? { skipped: "it is rewarded by the reference answer, too" }
    : undefined

  const behaviours: Behaviours = {
    "is an algorithm that can be loaded": () => assertShape("algorithms", subject, options.name, algorithm),
    "trains to a checkpoint": async () => {
      // Here some actions cannot be read, which is all that an algorithm of the form alone learns from.
      const { format } = await toyContext("", {})
      const { result, engine, before } = await train(plain, { format })
      const { checkpoint, steps, alarms } = result ?? {}
      if (typeof checkpoint !== "string" || !Number.isInteger(steps) || !Array.isArray(alarms)) {
        fail(`train gave ${shown(result)} in place of { checkpoint: folder, steps: number, alarms: [] }.`)
      }
      if (!existsSync(checkpoint)) fail(`its checkpoint ${checkpoint} is not there. Write it by engine.saveState.`)
      if (distance(engine.parameters, before) === 0) fail("the policy is the same after the training as before.")
      await toyEngine().loadState(checkpoint)
    },
    "gives the same policy with the same seed": async () => {
      const [first, second] = [await train(plain), await train(plain)]
      const apart = distance(first.engine.parameters, second.engine.parameters)
      if (apart > 0)
        fail(`two trainings with one seed end ${apart} apart. Draw everything from context.seed: seedFrom(seed, …).`)
    },
    "learns nothing from shifted rewards": async () => {
      if (goldRewards) return goldRewards
      const scored =
        (shift: number): Judge =>
        (text) =>
          verdict(isGood(text), (isGood(text) ? 0.5 : 0) + shift)
      const [low, high] = [await train(scored(0)), await train(scored(0.5))]
      if (low.judged === 0) return asksNobody
      const apart = distance(low.engine.parameters, high.engine.parameters)
      if (apart > 1e-6) {
        fail(
          `with 0.5 more for every action the policy ends ${apart} away. Compare each reward with the others of its state (a baseline).`,
        )
      }
    },
    "learns nothing where all rewards are equal": async () => {
      if (goldRewards) return goldRewards
      for (const score of [0, 1]) {
        const { engine, before, judged } = await train(() => verdict(score === 1, score))
        if (judged === 0) return asksNobody
        const apart = distance(engine.parameters, before)
        if (apart > 0)
          fail(
            `where every action has the reward ${score} the policy moves by ${apart}. Equal rewards have to give exactly zero.`,
          )
      }
    },
    "learns nothing from what is unscored": async () => {
      if (goldRewards) return goldRewards
      const { engine, before, judged } = await train(() => ({ verdict: "unscored", reason: "by the check" }))
      if (judged === 0) return asksNobody
      const apart = distance(engine.parameters, before)
      if (apart > 0)
        fail(`where the judge scores nothing the policy moves by ${apart}. Unscored is not zero: leave it out.`)
    },
    "reports its steps in order": async () => {
      const { metrics } = await train(plain)
      metrics.forEach((metric, index) => {
        const { error } = MetricSchema.safeParse(metric)
        if (error) fail(`onMetric was given ${shown(metric)}, which is no metric: ${error.issues[0]?.message}.`)
        if (index > 0 && metric.step <= metrics[index - 1]!.step)
          fail(`step ${metric.step} is reported after ${metrics[index - 1]!.step}.`)
      })
    },
    "says what is missing where there is no trajectory": async () => {
      if ((await ends(() => train(plain, { trajectories: [] }), 2 ** 30)) === "failed") return
      fail("it trains on no trajectory at all. Throw a SwirlError that says so.")
    },
    "stops when it is aborted": async () => {
      const abortSignal = AbortSignal.abort(new Error("stopped by the check"))
      if ((await ends(() => train(plain, { abortSignal }))) === "failed") return
      fail("it goes on though its signal was aborted. Call context.abortSignal?.throwIfAborted() before each step.")
    },
  }
  return checksOf(subject, behaviours, options)
}

/** The largest difference of two parameters. */
const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0)
