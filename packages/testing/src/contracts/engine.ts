/** The Engine contract: gradients by finite differences, the normaliser, samples by seed, and a saved state that continues exactly. */
import {
  type AdamOptions,
  type Engine,
  type EngineFactory,
  type Host,
  type SampledSequence,
  type TrainingRow,
  userMessage,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { checkFolder, checkHost } from "../data/host.ts"

export interface EngineChecks extends CheckOptions {
  /** The model string that it starts from. Default: `nano`. */
  policy?: string
  /** Options of the engine. */
  options?: Readonly<Record<string, unknown>>
  host?: Host
  /** States as token ids. Default: two short questions in the policy's own tokens. */
  prompts?: readonly (readonly number[])[]
  /** How far numbers may be apart that should be equal; single precision needs 1e-4. Default: 1e-4. */
  tolerance?: number
}

/** Tests an engine. */
export function testEngine(engine: EngineFactory, options: EngineChecks & TestOptions = {}): void {
  register(`engine ${options.name ?? defaultName}`, engineChecks(engine, options), options)
}

const defaultName = "engine"

/** Steps along the negative gradient: with an epsilon that is large, Adam is plain gradient descent. */
const descent = (rate: number): AdamOptions => ({
  learningRate: rate * 1e6,
  beta1: 0,
  beta2: 0,
  epsilon: 1e6,
  weightDecay: 0,
})
const adam: AdamOptions = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 }

/** The checks of `testEngine`. */
export function engineChecks(factory: EngineFactory, options: EngineChecks = {}): Check[] {
  const { name = defaultName, policy = "nano", tolerance = 1e-4 } = options
  const subject = `The engine ${name}`
  assertOptions(subject, options, { policy: true, options: true, prompts: true, tolerance: true })
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

  const use = async <T>(work: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await factory.create({ policy, ...options.options }, options.host ?? checkHost())
    try {
      return await work(engine)
    } finally {
      await engine.dispose()
    }
  }
  const promptsOf = (engine: Engine): readonly (readonly number[])[] =>
    options.prompts ??
    ["What is 2 + 3 ?", "Who was born in Oslo ?"].map((question) => {
      const { conversation } = engine.languageModel()
      return (
        conversation?.start([userMessage(question)]) ??
        fail("its model has no token conversation; give prompts: [[…], […]].")
      )
    })
  const sampled = (engine: Engine, seeds = [11, 12]) =>
    engine.sample(promptsOf(engine), { n: 3, maxTokens: 4, temperature: 1, seeds })
  /** Actions that the policy takes, with weights of both signs. */
  const rowsOf = async (engine: Engine): Promise<TrainingRow[]> => rowsFrom(engine, await sampled(engine))
  const rowsFrom = (engine: Engine, groups: SampledSequence[][]): TrainingRow[] => {
    const prompts = promptsOf(engine)
    return groups.flatMap((group, place) =>
      group.map(({ tokenIds }, index) => ({
        promptTokenIds: prompts[place]!,
        tokenIds,
        coefficients: tokenIds.map(() => [1, -0.5, 0.25][index]!),
        count: 1,
      })),
    )
  }
  const lossOf = (rows: readonly TrainingRow[], scores: readonly (readonly number[])[], normaliser: number): number =>
    -rows.reduce((sum, row, r) => sum + row.coefficients.reduce((inner, a, t) => inner + a * scores[r]![t]!, 0), 0) /
    normaliser

  const behaviours: Behaviours = {
    "is an engine that can be loaded": () => assertShape("engines", subject, options.name, factory),
    "samples the same with the same seed": () =>
      use(async (engine) => {
        const [first, again] = [await sampled(engine), await sampled(engine)]
        if (JSON.stringify(ids(first)) !== JSON.stringify(ids(again))) {
          fail("it samples other tokens with the same seeds. Draw sample i of a prompt from seedFrom(seed, i).")
        }
        const others = await sampled(engine, [21, 22])
        if (JSON.stringify(ids(first)) === JSON.stringify(ids(others)))
          fail("it samples the same tokens whatever the seeds.")
      }),
    "scores its samples as it sampled them": () =>
      use(async (engine) => {
        const groups = await sampled(engine)
        const scores = await engine.logProbabilities(rowsFrom(engine, groups), "current")
        groups.flat().forEach(({ tokenIds, logProbabilities }, row) => {
          if (logProbabilities.length !== tokenIds.length) {
            fail(`a sample has ${tokenIds.length} tokens and ${logProbabilities.length} log-probabilities; one each.`)
          }
          logProbabilities.forEach((value, t) => {
            if (Math.abs(value - scores[row]![t]!) <= 10 * tolerance) return
            fail(
              `a token was sampled with log-probability ${value} and is scored ${scores[row]![t]}. Both are at temperature 1.`,
            )
          })
        })
      }),
    "gives the loss and the log-probabilities before the step": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const scores = await engine.logProbabilities(rows, "current")
        const { loss, logProbabilities } = await engine.forwardBackward(rows, { normaliser: 6 })
        const byHand = lossOf(rows, scores, 6)
        if (!near(loss, byHand)) fail(`its loss is ${loss}; −(1/6) Σ A · log π is ${byHand}.`)
        if (!logProbabilities.flat().every((value, index) => near(value, scores.flat()[index]!))) {
          fail("the log-probabilities of forwardBackward are others than those of logProbabilities before.")
        }
      }),
    "steps down the gradient": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const probe = await use(async (other) => {
          await other.forwardBackward(rows, { normaliser: 6 })
          return other.optimStep(adam)
        })
        const squared = probe.gradientNorm ** 2
        if (!(squared > 0)) fail(`its gradient norm is ${probe.gradientNorm} for rows with coefficients of both signs.`)
        const rate = 0.02 / squared
        const before = lossOf(rows, await engine.logProbabilities(rows, "current"), 6)
        await engine.forwardBackward(rows, { normaliser: 6 })
        await engine.optimStep(descent(rate))
        const after = lossOf(rows, await engine.logProbabilities(rows, "current"), 6)
        const slope = (before - after) / (rate * squared)
        if (Math.abs(slope - 1) > 0.1) {
          fail(
            `a small step down its gradient lowers the loss by ${slope} of what the gradient's norm foretells (finite differences); that has to be 1.`,
          )
        }
      }),
    "divides by the normaliser": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const norm = async (normaliser: number): Promise<number> => {
          await engine.forwardBackward(rows, { normaliser })
          return (await engine.optimStep({ ...adam, learningRate: 0 })).gradientNorm
        }
        const [six, twelve] = [await norm(6), await norm(12)]
        if (Math.abs(six / twelve - 2) > 0.01)
          fail(`with twice the normaliser its gradient is ${twelve / six} as long; it has to be half.`)
      }),
    "adds up gradients until a step, and none after it": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const still = { ...adam, learningRate: 0 }
        await engine.forwardBackward(rows, { normaliser: 6 })
        const { gradientNorm: whole } = await engine.optimStep(still)
        await engine.forwardBackward(rows.slice(0, 2), { normaliser: 6 })
        await engine.forwardBackward(rows.slice(2), { normaliser: 6 })
        const { gradientNorm: inParts } = await engine.optimStep(still)
        if (Math.abs(whole / inParts - 1) > 0.01) {
          fail(`rows in two calls give a gradient of ${inParts}, in one call of ${whole}; they have to add up.`)
        }
        const { gradientNorm: after } = await engine.optimStep(still)
        if (after !== 0) fail(`after a step its gradient is ${after}; \`optimStep\` has to clear it.`)
      }),
    "clips the gradient, and tells its norm before": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        await engine.forwardBackward(rows, { normaliser: 6 })
        const { gradientNorm } = await engine.optimStep({ ...adam, learningRate: 0 })
        await engine.forwardBackward(rows, { normaliser: 6 })
        const before = lossOf(rows, await engine.logProbabilities(rows, "current"), 6)
        const rate = 0.02 / gradientNorm ** 2
        const told = await engine.optimStep({ ...descent(rate), clipNorm: gradientNorm / 4 })
        const moved = before - lossOf(rows, await engine.logProbabilities(rows, "current"), 6)
        if (Math.abs(told.gradientNorm / gradientNorm - 1) > 0.01) {
          fail(
            `it tells a gradient norm of ${told.gradientNorm} where it clips; before clipping it is ${gradientNorm}.`,
          )
        }
        const share = moved / (rate * gradientNorm ** 2)
        if (Math.abs(share - 0.25) > 0.05) {
          fail(`clipped to a quarter of its norm, the gradient moves the loss by ${share} of what it does unclipped.`)
        }
      }),
    "measures the exact KL to the initial policy": () =>
      use(async (engine) => {
        if (factory.lacks?.includes("exactKl")) return { skipped: "it says that it measures none" }
        const rows = await rowsOf(engine)
        const measured = async (): Promise<number | undefined> => {
          const { exactKl } = await engine.forwardBackward(rows, { normaliser: 6, exactKl: { weight: 0 } })
          await engine.optimStep(adam)
          return exactKl
        }
        const [start, later] = [await measured(), await measured()]
        if (start === undefined || later === undefined) return { skipped: "it measures no exact KL" }
        if (!(Math.abs(start) <= 10 * tolerance))
          fail(`before any step its KL to the initial policy is ${start}, not 0.`)
        if (!(later > 0)) fail(`after a step its KL to the initial policy is ${later}; it has to be above 0.`)
      }),
    "stays where it is without a gradient": () =>
      use(async (engine) => {
        const rows = (await rowsOf(engine)).map((row) => ({ ...row, coefficients: row.coefficients.map(() => 0) }))
        const before = await engine.logProbabilities(rows, "current")
        await engine.forwardBackward(rows, { normaliser: 6 })
        const { gradientNorm } = await engine.optimStep(adam)
        const after = await engine.logProbabilities(rows, "current")
        if (gradientNorm !== 0 || JSON.stringify(before) !== JSON.stringify(after)) {
          fail(
            `with coefficients of zero its gradient norm is ${gradientNorm} and the policy moves. Zero has to be exactly zero.`,
          )
        }
      }),
    "keeps the initial policy": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const before = await engine.logProbabilities(rows, "initial")
        await engine.forwardBackward(rows, { normaliser: 6 })
        await engine.optimStep(adam)
        const after = await engine.logProbabilities(rows, "initial")
        if (JSON.stringify(before) !== JSON.stringify(after))
          fail("its initial policy moves with the training; keep a copy of it.")
      }),
    "continues exactly from a saved state": () =>
      use(async (engine) => {
        const rows = await rowsOf(engine)
        const update = async (trained: Engine): Promise<void> => {
          await trained.forwardBackward(rows, { normaliser: 6 })
          await trained.optimStep(adam)
        }
        const directory = checkFolder()
        await update(engine)
        await engine.saveState(directory)
        await update(engine)
        const expected = JSON.stringify(await engine.logProbabilities(rows, "current"))
        const found = await use(async (other) => {
          await other.loadState(directory)
          await update(other)
          return JSON.stringify(await other.logProbabilities(rows, "current"))
        })
        if (found !== expected)
          fail("loaded from a saved state it goes on otherwise. Save the optimiser's state with the weights.")
      }),
  }
  return checksOf(subject, behaviours, options)
}

const ids = (groups: Awaited<ReturnType<Engine["sample"]>>): number[][][] =>
  groups.map((group) => group.map(({ tokenIds }) => tokenIds))
