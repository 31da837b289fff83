/**
 * The models that judges ask. One is opened once however many judges use it, no more of its calls run at once than the
 * stage allows and the model can take, and what fails for a passing reason is tried again as for policies.
 */
import type { GenerateOptions, GenerateResult, JudgeContext, LanguageModel, OpenModel } from "@swirl-ts/core"
import { withRetry } from "@swirl-ts/runner"
import { openPolicy, type StageContext } from "../context.ts"

export interface JudgeModels {
  context: JudgeContext
  close(): Promise<void>
}

/** Milliseconds a call may take; longer than what models allow themselves, for those that never give up. */
const longestCall = 900_000

export function judgeModels(context: StageContext): JudgeModels {
  const opened = new Map<string, Promise<OpenModel>>()
  // A judge on another server than the policy's has a key of its own.
  const { SWIRL_JUDGE_API_KEY: key, ...environment } = context.host.environment
  const host = { ...context.host, environment: key ? { ...environment, SWIRL_API_KEY: key } : environment }
  return {
    context: {
      host,
      openModel: async (reference, options = {}) => {
        const wanted = JSON.stringify([reference, options])
        const before = opened.get(wanted)
        if (before) return before
        // The address of the policy's server is no address of the judge's.
        const { baseUrl: _policyUrl, ...shared } = context.modelOptions ?? {}
        const model = openPolicy({ ...context, host, modelOptions: { ...shared, ...options } }, reference).then(
          (found) => ({
            ...found,
            model: bounded(found.model, Math.max(1, Math.min(context.concurrency, found.concurrency ?? Infinity))),
          }),
        )
        opened.set(wanted, model)
        return model
      },
    },
    close: async () => {
      const models = await Promise.allSettled(opened.values())
      opened.clear()
      for (const model of models) if (model.status === "fulfilled") await model.value.close?.()
    },
  }
}

function bounded(model: LanguageModel, most: number): LanguageModel {
  const waiting: (() => void)[] = []
  let running = 0
  const call = async (options: GenerateOptions): Promise<GenerateResult> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await withRetry(() => inTime(model, options), options.seed ?? 0, {}, options.abortSignal)
    } finally {
      // The place is handed on, or given back.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  const { specificationVersion, provider, modelId } = model
  return { specificationVersion, provider, modelId, doGenerate: call }
}

async function inTime(model: LanguageModel, options: GenerateOptions): Promise<GenerateResult> {
  const limit = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no reply within ${longestCall / 1000} s`)
      reject(error)
      limit.abort(error)
    }, longestCall)
  })
  const abortSignal = options.abortSignal ? AbortSignal.any([options.abortSignal, limit.signal]) : limit.signal
  try {
    return await Promise.race([model.doGenerate({ ...options, abortSignal }), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Runs workers side by side. Where one fails no more is begun, and the others finish what they have asked for: it is paid for. */
export async function allSettled(count: number, worker: () => Promise<void>, stop: () => unknown): Promise<void> {
  const one = async (): Promise<void> => {
    try {
      await worker()
    } catch (error) {
      stop()
      throw error
    }
  }
  const finished = await Promise.allSettled(Array.from({ length: Math.max(1, count) }, one))
  for (const result of finished) if (result.status === "rejected") throw result.reason
}
