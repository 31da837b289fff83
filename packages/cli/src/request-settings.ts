/** How a command asks models, from its flags. Budgets are of the whole command, whatever its stages and models. */
import { createLimiter, createRequestMeter, type Price, type RequestMeter, type Used } from "@swirl-ts/kit"
import type { StageContext } from "@swirl-ts/stages"
import type { ValuesOf } from "./options/option.ts"
import type { requestOptions } from "./options/tables.ts"

type Settings = ValuesOf<typeof requestOptions>

export const requestSettings = ({
  timeout,
  attempts,
  judgeConcurrency,
  toolConcurrency,
}: Settings): NonNullable<StageContext["requests"]> => ({
  timeout: timeout === undefined ? undefined : 1000 * timeout,
  attempts,
  judges: judgeConcurrency,
  limitedTools: toolConcurrency === undefined ? undefined : createLimiter(toolConcurrency),
})

/** `prices`: those of an experiment, which flags go before; `onUse` is told where there is a budget. */
export const requestMeter = (
  { maxTokens, maxCost, price }: Settings,
  { prices, onUse }: { prices?: Readonly<Record<string, Price>>; onUse?(used: Used): void } = {},
): RequestMeter =>
  createRequestMeter({
    maxTokens,
    maxCost,
    prices: { ...prices, ...Object.fromEntries(price) },
    onUse: maxTokens === undefined && maxCost === undefined ? undefined : onUse,
  })
