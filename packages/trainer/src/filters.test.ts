import type { FilterInput, Trajectory, VerdictRecord } from "@swirl-ts/core"
import { applyFilter } from "@swirl-ts/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { filters } from "./filters.ts"

type Mark = "good" | "bad" | "unscored" | undefined

function input(
  marks: Mark[],
  options: { answer?: string; outcome?: boolean; status?: Trajectory["status"] } = {},
): FilterInput {
  const { answer = "4", outcome, status = "answered" } = options
  const trajectory = {
    id: "t",
    steps: marks.map((_, index) => ({ index, kind: index === marks.length - 1 ? "answer" : "tool", text: "" })),
    ...(status === "answered" ? { answer } : {}),
    status,
  } as unknown as Trajectory
  const verdicts = marks.map((verdict, step) => (verdict ? ({ step, verdict } as VerdictRecord) : undefined))
  return { trajectory, verdicts, ...(outcome === undefined ? {} : { outcome }) }
}

describe("process", () => {
  const keep = (marks: Mark[], options = {}) => filters.process.keep(input(marks, options))
  it("keeps a trajectory only when every step is good, the answer too", () => {
    expect(keep(["good", "good"])).toBe(true)
    expect(keep(["bad", "good"])).toBe(false)
    expect(keep(["good", "bad"])).toBe(false)
  })
  it("does not keep what was not judged, and counts it apart from what is bad", () => {
    const { counts, kept, dropped } = applyFilter(filters.process, [
      input(["good", "good"]),
      input(["good", "unscored"]),
      input(["good", undefined]),
      input(["bad", "unscored"]),
    ])
    expect(counts).toEqual({ total: 4, kept: 1, dropped: 3, unscored: 2 })
    expect([kept.length, dropped.length]).toEqual([1, 3])
  })
  it("keeps a trajectory that ended at a limit when all its steps are good, but none that a model error cut short", () => {
    expect(keep(["good", "good"], { status: "step-limit" })).toBe(true)
    expect(keep(["good"], { status: "error" })).toBe(false)
    expect(keep([])).toBe(false)
  })
  it("does not look at the outcome", () => {
    expect(keep(["good"], { outcome: false })).toBe(true)
  })
})

describe("outcome", () => {
  it("keeps right answers whatever the steps, and never a trajectory without an answer", () => {
    const { keep } = filters.outcome
    expect(keep(input(["bad"], { outcome: true }))).toBe(true)
    expect(keep(input(["good"], { outcome: false }))).toBe(false)
    expect(keep(input(["good"], { status: "step-limit", outcome: true }))).toBe(false)
  })
  it("counts an answer without outcome as unscored", () => {
    const result = applyFilter(filters.outcome, [input(["good"]), input(["good"], { status: "token-limit" })])
    expect(result.counts).toEqual({ total: 2, kept: 0, dropped: 2, unscored: 1 })
  })
})

describe("all filters", () => {
  it("process+outcome keeps the intersection, none keeps everything", () => {
    const mark = fc.constantFrom<Mark>("good", "bad", "unscored", undefined)
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 4 }), fc.boolean(), (marks, outcome) => {
        const item = input(marks, { outcome })
        expect(filters["process+outcome"].keep(item)).toBe(filters.process.keep(item) && filters.outcome.keep(item))
        expect(filters.none.keep()).toBe(true)
      }),
    )
  })
})
