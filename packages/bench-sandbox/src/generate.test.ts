import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hasNewStructure, sandboxTask } from "./generate.ts"
import type { Split } from "./splits.ts"
import { apply, callKey, type Domain } from "./task.ts"
import { world } from "./world.ts"

const many = (domain: Domain, split: Split, count: number) =>
  Array.from({ length: count }, (_, index) => sandboxTask(domain, split, index))
const domains = ["calc", "lookup", "mixed"] as const
const splits = ["train", "development", "test", "test-new", "demonstration"] as const
const anyTask = fc
  .tuple(fc.constantFrom(...domains), fc.constantFrom(...splits), fc.nat(100_000))
  .filter(([domain, split]) => domain !== "mixed" || split !== "test-new")
  .map(([domain, split, index]) => ({ split, task: sandboxTask(domain, split, index) }))

describe("generated tasks", () => {
  it("have a plan whose calls give their results and whose last call gives the answer", () => {
    fc.assert(
      fc.property(anyTask, ({ task }) => {
        expect(task.plan.length).toBeGreaterThanOrEqual(2)
        for (const [index, call] of task.plan.entries()) {
          if (call.tool === "calculator") {
            expect(String(apply(call.operator, call.left, call.right))).toBe(call.result)
            expect(Number.isInteger(Number(call.result))).toBe(true)
          } else expect(world(task.world!).object(call.entity, call.relation)).toBe(call.result)
          for (const need of call.needs) expect(need).toBeLessThan(index)
        }
        expect(task.plan.at(-1)!.result).toBe(task.answer)
        expect(new Set(task.plan.map(callKey)).size).toBe(task.plan.length)
      }),
      { numRuns: 500 },
    )
  })

  it("use only what the question names or an earlier needed call gives", () => {
    fc.assert(
      fc.property(anyTask, ({ task }) => {
        for (const call of task.plan) {
          const known = [
            ...call.needs.map((need) => task.plan[need]!.result),
            ...task.numbers.map(String),
            ...task.entities,
          ]
          const used = call.tool === "calculator" ? [String(call.left), String(call.right)] : [call.entity]
          for (const value of used) expect(known).toContain(value)
        }
        for (const value of [...task.numbers.map(String), ...task.entities]) {
          expect(task.question.split(" ")).toContain(value)
        }
      }),
      { numRuns: 500 },
    )
  })

  it("are new in structure in test-new and nowhere else", () => {
    fc.assert(
      fc.property(anyTask, ({ split, task }) => {
        expect(hasNewStructure(task)).toBe(split === "test-new")
      }),
      { numRuns: 500 },
    )
    const seen = new Set(many("calc", "train", 3000).map((task) => task.structure))
    for (const task of many("calc", "test-new", 300)) expect(seen.has(task.structure)).toBe(false)
  })

  it("are the same when made again, alone and in another order", () => {
    const forward = many("lookup", "test", 20)
    expect(sandboxTask("lookup", "test", 13)).toEqual(forward[13])
    expect(many("calc", "test", 20).reverse()).toEqual(
      Array.from({ length: 20 }, (_, i) => sandboxTask("calc", "test", 19 - i)),
    )
  })

  it("ask in test and development what no training task asks", { timeout: 120_000 }, () => {
    for (const domain of ["calc", "lookup"] as const) {
      const trained = new Set(many(domain, "train", 5000).map((task) => task.question))
      for (const task of many(domain, "demonstration", 500)) trained.add(task.question)
      for (const split of ["development", "test", "test-new"] as const) {
        for (const task of many(domain, split, 200)) expect(trained.has(task.question)).toBe(false)
      }
    }
  })

  it("are hardly ever the same twice", () => {
    for (const domain of domains) {
      const tasks = many(domain, "test", 1000)
      expect(new Set(tasks.map((task) => task.id)).size).toBe(1000)
      expect(new Set(tasks.map(({ question, answer }) => `${question} ${answer}`)).size).toBeGreaterThan(900)
    }
  })
})

describe("worlds", () => {
  it("say every relation of every member once, in passages of their own id", () => {
    const place = world("lookup/test/0")
    expect(place.facts).toHaveLength(12 * 6 + 6 * 2 + 5 * 2 + 3 * 2)
    expect([...(place.corpus.passages() as Iterable<unknown>)]).toHaveLength(place.facts.length)
    expect(place.corpus.id).toBe(world("lookup/test/0").corpus.id)
    expect(place.corpus.id).not.toBe(world("lookup/test/1").corpus.id)
    for (const { subject, object } of place.facts) expect(object).not.toBe(subject)
  })

  it("do not know what they do not say", () => {
    expect(() => world("lookup/test/0").object("nobody", "born")).toThrow(/does not say "nobody born"/)
  })
})
