/** The Model contract, of a provider and the models it opens: texts, reasons and counts that can be read, and an end when aborted. */
import {
  errorMessage,
  type GenerateOptions,
  type GenerateResult,
  type Generation,
  type Host,
  type LanguageModel,
  type ModelOptions,
  type ModelProvider,
  type OpenModel,
  readGeneration,
  userMessage,
} from "@swirl-ts/core"
import { inTime, isObject } from "@swirl-ts/kit"
import { at, type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { ends, endsAborted } from "../checks/ends.ts"
import { leaveBehind } from "../checks/left-behind.ts"
import { assertOptions } from "../checks/options.ts"

import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { checkHost } from "../data/host.ts"
import { hostileTexts } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"

export interface ModelChecks extends CheckOptions {
  /** What stands behind the provider's name, e.g. `gpt-5-mini` of `openai:gpt-5-mini`. Default: nothing. */
  reference?: string
  /** What it is opened with, e.g. `{ baseUrl }`. */
  options?: ModelOptions
  host?: Host
  /** What it is asked. Default: a short question. */
  question?: string
}

/** Tests a model provider by a model that it opens. */
export function testModel(provider: ModelProvider, options: ModelChecks & TestOptions = {}): void {
  register(`model ${options.name ?? defaultName}`, modelChecks(provider, options), options)
}

const defaultName = "model"

/** The checks of `testModel`. */
export function modelChecks(provider: ModelProvider, options: ModelChecks = {}): Check[] {
  const { name = defaultName, reference = "", question = "What is 12 + 5?" } = options
  const subject = `The model ${name}`
  assertOptions(subject, options, { reference: true, options: true, question: true })
  const close = closer(options)
  const open = async <T>(use: (opened: OpenModel) => Promise<T>): Promise<T> => {
    const opened = await provider.open(reference, options.options ?? {}, options.host ?? checkHost())
    if (typeof opened?.model?.doGenerate !== "function") {
      fail(`open gave ${shown(opened)}; it gives { model, identity }, where the model has the function doGenerate.`)
    }
    const result = await use(opened).catch(async (error: unknown) => {
      // What failed first is what is told.
      await close(opened).catch(() => {})
      throw error
    })
    await close(opened)
    return result
  }
  const ask = (more: Partial<GenerateOptions> = {}): GenerateOptions => ({
    prompt: [userMessage(question)],
    maxOutputTokens: 16,
    temperature: 0,
    seed: 7,
    ...more,
  })
  const generate = async ({ model }: OpenModel, more?: Partial<GenerateOptions>): Promise<Generation> =>
    readGeneration(await model.doGenerate(ask(more)), model)
  const answer = async ({ model }: OpenModel, more?: Partial<GenerateOptions>): Promise<void> => {
    const result = await model.doGenerate(ask(more))
    assertGeneration(model, readGeneration(result, model))
    assertCounts(result)
  }

  const behaviours: Behaviours = {
    "is a model provider that can be loaded": () => assertShape("models", subject, options.name, provider),
    "opens a language model that says what it is": () =>
      open(async (opened) => {
        const { model, identity, concurrency = 1 } = opened
        const { specificationVersion, provider: by, modelId } = model
        if (!["v2", "v3", "v4"].includes(specificationVersion)) {
          fail(`its specificationVersion is ${shown(specificationVersion)}, not "v2", "v3" or "v4".`)
        }
        if (!by || !modelId) fail("a language model has a provider and a modelId; see LanguageModel of @swirl-ts/core.")
        if (typeof identity !== "string" || identity === "") {
          fail(
            "it has no identity. Name the weights, so that records of two models never mix: { model, identity: modelId }.",
          )
        }
        if (!(concurrency >= 1)) fail(`its concurrency is ${concurrency}, which has to be 1 or more.`)
      }),
    "is called the same each time it is opened": async () => {
      const [first, second] = [
        await open(async ({ identity }) => identity),
        await open(async ({ identity }) => identity),
      ]
      if (first !== second) fail(`its identity is ${first} and then ${second}. Make it from the weights or the name.`)
    },
    "answers a question with text, a reason and counts": () => open((opened) => answer(opened)),
    "answers whatever text it is asked": () =>
      open(async (opened) => {
        for (const [what, text] of Object.entries(hostileTexts)) {
          const prompt = [userMessage(`${question} ${text}`)]
          await at(what, () => answer(opened, { prompt }))
        }
      }),
    "stops at its token limit": () =>
      open(async (opened) => {
        const { tokens, usage } = await generate(opened, { maxOutputTokens: 1 })
        const count = tokens?.tokenIds.length ?? usage.outputTokens
        if (count > 1) fail(`asked for at most 1 token it gave ${count}. Hand on maxOutputTokens.`)
      }),
    "leaves what it is asked as it is": () =>
      open(async (opened) => {
        const asked = ask()
        const before = JSON.stringify(asked)
        await opened.model.doGenerate(asked)
        if (JSON.stringify(asked) !== before)
          fail("it changes the options that it is asked with. Copy what you change.")
      }),
    "answers the same request alike": () =>
      open(async (opened) => {
        const [first, second] = [await generate(opened), await generate(opened)]
        if (first.text === second.text) return
        fail(
          `at temperature 0 and with one seed it answered ${shown(first.text)} and then ${shown(second.text)}. Hand on temperature and seed; a server that promises nothing is to be skipped: skip: { "answers the same request alike": "why" }.`,
        )
      }),
    "refuses when it is aborted before": () =>
      open(async (opened) => {
        const reason = new Error("stopped by the check")
        const outcome = await ends(() => opened.model.doGenerate(ask({ abortSignal: AbortSignal.abort(reason) })))
        if (outcome === "late")
          fail("it goes on though its signal was aborted before. Begin with abortSignal?.throwIfAborted().")
        if (outcome === "done")
          fail("it answers though its signal was aborted before. Begin with abortSignal?.throwIfAborted().")
      }),
    "ends when it is aborted": () =>
      open(async (opened) => {
        const outcome = await endsAborted((abortSignal) =>
          opened.model.doGenerate(ask({ maxOutputTokens: 64, abortSignal })),
        )
        if (outcome === "late")
          fail("it goes on for more than a second after its signal was aborted. Hand abortSignal on.")
      }),
  }
  return checksOf(subject, behaviours, options)
}

/** Closes what was opened, in the time that a command gives it; after one that hung, the others are not waited for. */
function closer({ timeout = Number.POSITIVE_INFINITY }: CheckOptions): (opened: OpenModel) => Promise<void> {
  const milliseconds = Math.min(5_000, timeout / 2)
  const late = `it did not end within ${milliseconds / 1000} s`
  let hung = false
  return async (opened) => {
    if (hung) return void (async () => opened.close?.())().catch(() => {})
    try {
      await inTime(() => opened.close?.(), { milliseconds, late })
    } catch (error) {
      const said = errorMessage(error)
      hung = said === late
      if (hung) leaveBehind()
      fail(`its close failed: ${said}. Let it end without an error, whatever is still open.`)
    }
  }
}

/** Read by themselves, since a wrong count is no more than unknown to a command. */
function assertCounts({ usage }: GenerateResult): void {
  for (const what of ["inputTokens", "outputTokens"]) {
    const given = isObject(usage) ? usage[what] : undefined
    const count = isObject(given) ? given.total : given
    if (count === undefined || count === null) continue
    if (typeof count !== "number" || !Number.isFinite(count) || count < 0) {
      fail(
        `its usage says ${typeof count === "number" ? count : shown(count)} ${what}; a count is a number, 0 or more.`,
      )
    }
  }
}

function assertGeneration(model: LanguageModel, { text, finishReason, tokens }: Generation): void {
  if (finishReason === "error") fail("its turn ended with an error. Throw the error, so that the call is tried again.")
  if (!tokens) {
    if (model.conversation)
      fail("it has a token conversation, and its turn has no providerMetadata.swirl with the token ids.")
    return
  }
  const { tokenIds, logProbabilities } = tokens
  if (tokenIds.length !== logProbabilities.length) {
    fail(`its turn has ${tokenIds.length} token ids and ${logProbabilities.length} log-probabilities; one each.`)
  }
  const wrong = logProbabilities.find((value) => !(value <= 1e-4))
  if (wrong !== undefined) fail(`a log-probability is ${wrong}; it has to be 0 or less.`)
  const decoded = model.conversation?.decode(tokenIds)
  if (decoded !== undefined && decoded !== text)
    fail(`its text is ${shown(text)}, its token ids read ${shown(decoded)}.`)
}
