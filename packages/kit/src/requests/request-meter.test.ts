import { type GenerateResult, isCommandEnd, type LanguageModel, type OpenModel } from "@swirl-ts/core"
import { createVirtualClock } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { createEndpointPool } from "../http/endpoint-pool.ts"
import { createRequestMeter } from "./request-meter.ts"

const result = (more: object = {}): GenerateResult => ({
  content: [],
  finishReason: "stop",
  usage: { inputTokens: { total: 100 }, outputTokens: { total: 20 } },
  ...more,
})
const opened = (answer: () => Promise<GenerateResult> = async () => result()): OpenModel => {
  const model: LanguageModel = { specificationVersion: "v3", provider: "openai", modelId: "m", doGenerate: answer }
  const count = { requests: 3, failures: 1, refused: 1, leftOut: 0, inFlight: 2, isLeftOut: false }
  return { model, identity: "m", endpoints: () => [{ name: "http://a/v1", ...count }] }
}
const ask = (model: LanguageModel) => model.doGenerate({ prompt: [] })

describe("a budget", () => {
  it("lets what is under way end, and begins nothing more", async () => {
    const meter = createRequestMeter({ maxTokens: 200 })
    const model = meter.metered(opened(), "openai:m")
    await Promise.all([ask(model), ask(model), ask(model)])
    const error = await Promise.resolve(ask(model)).catch((thrown: unknown) => thrown)
    expect(isCommandEnd(error)).toBe(true)
    expect(String(error)).toContain(
      "The budget of 200 tokens (--max-tokens) is spent: 360 were used. What is done is on disk: the same command goes on from there.",
    )
    expect(meter.used()).toMatchObject({ inputTokens: 300, outputTokens: 60 })
  })

  it("is not gone over by what waits in line for a server when it is spent", async () => {
    const clock = createVirtualClock()
    const pool = createEndpointPool(["http://a/v1"], clock)
    let sent = 0
    const send = async (): Promise<GenerateResult> => {
      sent++
      await clock.sleep(100)
      return result()
    }
    const model: LanguageModel = {
      ...opened().model,
      doGenerate: async ({ abortSignal }) => pool.ask(send, { abortSignal }),
    }
    const meter = createRequestMeter({ maxTokens: 120 })
    const metered = meter.metered({ model, identity: "m" }, "openai:m")
    const made = await clock.run(Promise.allSettled(Array.from({ length: 40 }, () => ask(metered))))
    // Four at first, and what the first answer let out before it was counted.
    expect([sent, made.filter(({ status }) => status === "fulfilled").length]).toEqual([6, 6])
    const ends = made.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
    expect(ends.every(isCommandEnd)).toBe(true)
    expect(new Set(ends.map(String)).size).toBe(1)
    expect(pool.counts()[0]!.inFlight).toBe(0)
  })

  it("of money is of all models together, each by its own price", async () => {
    const prices = { "openai:m": { input: 1, output: 10 }, "openai:judge": { input: 2, output: 0 } }
    const meter = createRequestMeter({ maxCost: 0.0005, prices })
    await ask(meter.metered(opened(), "openai:m"))
    expect(meter.used().dollars).toBeCloseTo(0.0003)
    const judge = meter.metered(opened(), "openai:judge")
    await ask(judge)
    await expect(ask(judge)).rejects.toThrow("The budget of $0.0005 (--max-cost) is spent: $0.0005 were used.")
  })

  it("of money needs a price, and says how one is given; weights of one's own cost nothing", () => {
    const meter = createRequestMeter({ maxCost: 1 })
    expect(() => meter.metered(opened(), "openai:m")).toThrow("--price openai:m=0.25,2")
    const { model } = opened()
    expect(() => meter.metered({ model, identity: "m" }, "script:turns.jsonl")).not.toThrow()
    expect(() => createRequestMeter().metered(opened(), "openai:m")).not.toThrow()
  })

  it("is spent by other processes of the command, too, and not by what a cache answers", async () => {
    const used: unknown[] = []
    const meter = createRequestMeter({ maxTokens: 200, onUse: (use) => used.push(use) })
    const cached = meter.metered(
      opened(async () => result({ cached: true })),
      "openai:m",
    )
    for (let call = 0; call < 5; call++) await ask(cached)
    expect([meter.used().inputTokens, used]).toEqual([0, []])
    meter.add({ inputTokens: 150, outputTokens: 50 })
    await expect(ask(cached)).rejects.toThrow("--max-tokens")
  })
})

it("says what is asked of servers, each server once", async () => {
  const meter = createRequestMeter({ prices: { "openai:m": { input: 1, output: 10 } } })
  expect(meter.inWords()).toBeUndefined()
  const model = meter.metered(opened(), "openai:m")
  meter.metered(opened(), "openai:m")
  await ask(model)
  expect(meter.inWords()).toBe("2 in flight, 1 sent again, 120 tokens, $0.0003")
})
