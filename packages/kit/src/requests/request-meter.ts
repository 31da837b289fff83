/**
 * What the models of one command have used: tokens, dollars, requests to servers. Where a budget is spent, nothing new is
 * asked, nor what waits in line for a server; what is in flight is finished, so it ends over its budget by that much at most.
 * What a cache answered costs nothing.
 */
import {
  CommandEnd,
  type EndpointCount,
  type GenerateResult,
  type LanguageModel,
  type OpenModel,
  SwirlError,
  usageOf,
} from "@swirl-ts/core"
import { withStop } from "../parallel/grace.ts"
import { answeringBy } from "../values/answering-by.ts"
import { requestsInWords } from "./requests-in-words.ts"

/** US dollars for a million tokens. */
export interface Price {
  input: number
  output: number
}

interface Budget {
  /** In and out together. */
  maxTokens?: number
  /** In US dollars. */
  maxCost?: number
}

export interface Used {
  inputTokens: number
  outputTokens: number
  /** Undefined where no model that was asked has a price. */
  dollars?: number
}

export interface RequestMeter {
  /** `name`: the model string that prices go by. Throws a usage error where money is bounded and this model has no price. */
  metered(opened: OpenModel, name: string): LanguageModel
  /** What another process of the same command has used. */
  add(used: Used): void
  used(): Used
  isSpent(): boolean
  /** For a status line; undefined where no server was asked. */
  inWords(): string | undefined
}

export interface RequestMeterOptions extends Budget {
  prices?: Readonly<Record<string, Price>>
  /** Told of each use. */
  onUse?(used: Used): void
}

export function createRequestMeter({ maxTokens, maxCost, prices = {}, onUse }: RequestMeterOptions = {}): RequestMeter {
  const used: Used = { inputTokens: 0, outputTokens: 0 }
  const servers = new Map<string, () => EndpointCount[]>()

  const tokens = (): number => used.inputTokens + used.outputTokens
  const spent = (): string | undefined => {
    if (maxTokens !== undefined && tokens() >= maxTokens)
      return `The budget of ${maxTokens} tokens (--max-tokens) is spent: ${tokens()} were used.`
    if (maxCost !== undefined && (used.dollars ?? 0) >= maxCost)
      return `The budget of $${maxCost} (--max-cost) is spent: $${(used.dollars ?? 0).toFixed(4)} were used.`
    return undefined
  }
  const isBounded = maxTokens !== undefined || maxCost !== undefined
  const ended = new AbortController()
  const endOf = (over: string): CommandEnd =>
    new CommandEnd(`${over} What is done is on disk: the same command goes on from there.`)
  const add = (more: Used): void => {
    used.inputTokens += more.inputTokens
    used.outputTokens += more.outputTokens
    if (more.dollars !== undefined) used.dollars = (used.dollars ?? 0) + more.dollars
    const over = spent()
    if (over && !ended.signal.aborted) ended.abort(endOf(over))
  }
  const count = (result: GenerateResult, price: Price | undefined): void => {
    if (result.cached) return
    const { inputTokens, outputTokens } = usageOf(result)
    const dollars = price && (price.input * inputTokens + price.output * outputTokens) / 1e6
    const use = { inputTokens, outputTokens, dollars }
    add(use)
    onUse?.(use)
  }

  return {
    metered({ model, endpoints }, name) {
      const price = prices[name]
      if (maxCost !== undefined && !price && !isFree(model, name))
        throw new SwirlError(
          `--max-cost needs the price of ${name}, in dollars for a million tokens in and out: --price ${name}=0.25,2`,
          { kind: "usage" },
        )
      if (endpoints) for (const { name: server } of endpoints()) servers.set(server, endpoints)
      return answeringBy(model, async (asked) => {
        const over = spent()
        if (over) throw endOf(over)
        const bounded = isBounded ? { ...asked, abortSignal: withStop(asked.abortSignal, ended.signal) } : asked
        const result = await model.doGenerate(bounded)
        count(result, price)
        return result
      })
    },
    add,
    used: () => ({ ...used }),
    isSpent: () => spent() !== undefined,
    inWords() {
      if (servers.size === 0) return undefined
      const counts = new Map([...servers.values()].flatMap((of) => of()).map((each) => [each.name, each]))
      return requestsInWords([...counts.values()], used)
    },
  }
}

/** Weights of this process, and turns from a file. */
const isFree = ({ conversation }: LanguageModel, name: string): boolean =>
  conversation !== undefined || /^(script|replay):/.test(name)
