/**
 * The models that judges ask. One is opened once however many judges use it, no more of its calls run at once than the
 * stage allows and the model can take, and what fails for a passing reason is tried again as for policies.
 */
import type { EndpointCount, JudgeContext, LanguageModel, OpenModel } from "@swirl-ts/core"
import { createLimiter, inTime, withRetry } from "@swirl-ts/kit"
import { judgesAtOnce, openPolicy, type RequestSettings, type StageContext } from "../context.ts"

export interface JudgeModels {
  context: JudgeContext
  /** Requests so far to servers that take turns, of all models. */
  endpoints(): EndpointCount[]
  close(): Promise<void>
}

/** Milliseconds a call may take, waiting for a server that takes no more included; longer than what models allow themselves, for those that never give up. */
const longestCall = 900_000

export function judgeModels(context: StageContext): JudgeModels {
  const opened = new Map<string, Promise<OpenModel>>()
  const counts: (() => EndpointCount[])[] = []
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
          (found) => {
            if (found.endpoints) counts.push(found.endpoints)
            const most = Math.max(1, Math.min(judgesAtOnce(context), found.concurrency ?? Infinity))
            return { ...found, model: bounded(found.model, most, context.requests) }
          },
        )
        opened.set(wanted, model)
        return model
      },
    },
    endpoints: () => counts.flatMap((count) => count()),
    close: async () => {
      const models = await Promise.allSettled(opened.values())
      opened.clear()
      for (const model of models) if (model.status === "fulfilled") await model.value.close?.()
    },
  }
}

/** No more calls at once than the model can take; a call that fails for a passing reason keeps its place. */
function bounded(model: LanguageModel, most: number, requests: RequestSettings = {}): LanguageModel {
  const limited = createLimiter(most)
  const { attempts, timeout = 0 } = requests
  const longest = Math.max(longestCall, 2 * timeout)
  const deadline = { milliseconds: longest, late: `no reply within ${longest / 1000} s` }
  const { specificationVersion, provider, modelId } = model
  return {
    specificationVersion,
    provider,
    modelId,
    doGenerate: (options) => {
      const { seed = 0, abortSignal } = options
      const once = (signal: AbortSignal) => model.doGenerate({ ...options, abortSignal: signal })
      return limited(() => withRetry(() => inTime(once, { ...deadline, abortSignal }), seed, { attempts }, abortSignal))
    },
  }
}
