import { createRegistry, type LoadOptions, messageText } from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createBenchmark } from "./benchmark.ts"
import { sandbox } from "./plugin.ts"
import type { Domain, SandboxTask } from "./task.ts"

const host = testHost()
const load = async (domain: Domain, split: string, options: Partial<LoadOptions> = {}): Promise<SandboxTask[]> => {
  const tasks: SandboxTask[] = []
  for await (const task of createBenchmark(domain).load(split, { host, ...options })) tasks.push(task)
  return tasks
}

describe("the sandbox benchmarks", () => {
  it("stream as many tasks as asked for, the same from the start", async () => {
    const five = await load("calc", "test", { limit: 5 })
    expect(five.map((task) => task.id)).toEqual(["test/0", "test/1", "test/2", "test/3", "test/4"])
    expect((await load("calc", "test", { limit: 3 }))[2]).toEqual(five[2])
  })

  it("stop by themselves when no limit is given", async () => {
    expect(await load("mixed", "test")).toHaveLength(1000)
  })

  it("say which splits there are", async () => {
    await expect(load("mixed", "tset")).rejects.toThrow(/no split "tset". Did you mean "test"/)
    await expect(load("calc", "demonstration")).rejects.toThrow(/no split/)
  })

  it("ask in one short line and say which tool to use", async () => {
    const benchmark = createBenchmark("lookup")
    const [task] = await load("lookup", "test", { limit: 1 })
    const context = { format: {} as never, tools: [], limits: benchmark.limits }
    const [message] = benchmark.prompt(task!, context)
    expect(messageText(message!)).toBe(`use search . ${task!.question}`)
  })

  it("give every world-based task passages that state its plan", async () => {
    for (const task of await load("lookup", "test-new", { limit: 20 })) {
      const passages = [
        ...(createBenchmark("lookup").corpus!(task).passages() as Iterable<{ title: string; text: string }>),
      ]
      for (const call of task.plan) {
        if (call.tool !== "search") continue
        const stating = passages.filter(({ title, text }) => title === call.entity && text.includes(` ${call.result} `))
        expect(stating.length).toBeGreaterThan(0)
      }
    }
    expect(createBenchmark("calc").corpus).toBeUndefined()
  })

  it("score by exact match of what is meant", async () => {
    const [task] = await load("calc", "test", { limit: 1 })
    const { score } = createBenchmark("calc")
    fc.assert(
      fc.property(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 }), (reference, other) => {
        const made = { ...task!, answer: String(reference) }
        expect(score(made, ` ${reference}.0 `)).toEqual({ accuracy: 1 })
        expect(score(made, String(other))).toEqual({ accuracy: reference === other ? 1 : 0 })
      }),
    )
    expect(score(task!, undefined)).toEqual({ accuracy: 0 })
    expect(score({ ...task!, answer: "oslo" }, "Oslo .")).toEqual({ accuracy: 1 })
    expect(score({ ...task!, answer: "oslo" }, "")).toEqual({ accuracy: 0 })
  })

  it("name the results a good trajectory meets", async () => {
    const [task] = await load("calc", "test", { limit: 1 })
    expect(createBenchmark("calc").goldSteps!(task!).at(-1)!.text).toBe(task!.answer)
  })

  it("are found in a registry with their oracle", () => {
    const registry = createRegistry([sandbox()])
    expect(registry.broken).toEqual([])
    expect(registry.list("benchmarks").map((entry) => entry.fullName)).toEqual([
      "bench-sandbox/calc",
      "bench-sandbox/lookup",
      "bench-sandbox/mixed",
    ])
    expect(registry.has("oracles", "plan")).toBe(true)
  })
})
