import { setTimeout as sleep } from "node:timers/promises"
import { judgeOptions } from "@swirl-ts/bench-sandbox"
import type { Judge, VerdictRecord } from "@swirl-ts/core"
import { grounded } from "@swirl-ts/judges"
import { trajectory } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { judgeAll, judgeTrajectory } from "./judge-all.ts"

const story = "mira has 12 apples . she buys 5 more . how many does she have now ?"
const one = trajectory("one", story, [["12 + 5", "17"], ["=17"]])
const two = trajectory("two", story, [["13 + 5", "18"], ["!both at once", "error: malformed"], ["=17"]])
const judge = grounded({ benchmark: "bench-sandbox/calc", seed: 0, ...judgeOptions.grounded })

describe("judging trajectories", () => {
  it("gives one record a step, in order, with the judge's identity", async () => {
    const records = await judgeTrajectory(two, judge)
    expect(records.map(({ step, verdict }) => [step, verdict])).toEqual([
      [0, "bad"],
      [1, "bad"],
      [2, "bad"],
    ])
    expect(new Set(records.map((record) => record.id)).size).toBe(3)
    expect(records.every((record) => record.judge === judge.identity && record.reason.length > 0)).toBe(true)
  })

  it("does not ask a judge about malformed and cut-off turns", async () => {
    const asked: string[] = []
    const generous: Judge = {
      identity: "generous",
      judge: ({ action }) => {
        asked.push(action.text)
        return { verdict: "good", reason: "" }
      },
    }
    const cut = trajectory("cut", story, [["!broken", "error"], ["12 + 5", "17"], ["=17"]])
    cut.steps[1]!.finishReason = "length"
    const verdicts = (await judgeTrajectory(cut, generous)).map((record) => record.verdict)
    expect(verdicts).toEqual(["bad", "bad", "good"])
    expect(asked).toEqual(["=17"])
  })

  it("resumes: what is there is not judged again", async () => {
    const records: VerdictRecord[] = []
    const options = {
      has: (id: string) => records.some((record) => record.id === id),
      write: (record: VerdictRecord) => void records.push(record),
    }
    expect(await judgeAll([one], judge, options)).toMatchObject({ judged: 2, skipped: 0, good: 2 })
    expect(await judgeAll([one, two], judge, options)).toMatchObject({ trajectories: 2, judged: 3, skipped: 2, bad: 3 })
    expect(records).toHaveLength(5)
  })

  it("counts a judge that throws, is late or talks nonsense as unscored, never as bad", async () => {
    const faults: Record<string, Judge["judge"]> = {
      throws: () => {
        throw new Error("no key")
      },
      rejects: async () => Promise.reject(new Error("no key")),
      late: () => new Promise(() => {}),
      nonsense: () => ({ verdict: "fine" }) as never,
      undefined: () => undefined as never,
      score: () => ({ verdict: "good", score: 7, reason: "" }),
      notANumber: () => ({ verdict: "good", score: Number.NaN, reason: "" }),
    }
    for (const [identity, fault] of Object.entries(faults)) {
      const records: VerdictRecord[] = []
      const write = (record: VerdictRecord) => void records.push(record)
      const summary = await judgeAll([one], { identity, judge: fault }, { write, timeout: 20 })
      expect(summary, identity).toMatchObject({ judged: 2, good: 0, bad: 0, unscored: 2 })
      expect(Object.values(summary.unscoredReasons)).toEqual([2])
      expect(records[0]!.reason).toMatch(/^the judge failed: /)
      expect(records[0]!.score).toBeUndefined()
    }
  })

  it("keeps to its concurrency and tells a late judge to stop", async () => {
    let running = 0
    let most = 0
    let stopped = 0
    const slow: Judge = {
      identity: "slow",
      judge: async (_input, options) => {
        most = Math.max(most, ++running)
        options?.abortSignal?.addEventListener("abort", () => stopped++)
        await sleep(running === 1 ? 40 : 5)
        running--
        return { verdict: "good", reason: "" }
      },
    }
    const many = Array.from({ length: 12 }, (_, i) => ({ ...one, id: String(i) }))
    const summary = await judgeAll(many, slow, { concurrency: 3, write: () => {}, timeout: 25 })
    expect(most).toBeLessThanOrEqual(4)
    expect(most).toBeGreaterThanOrEqual(3)
    expect(summary.judged).toBe(24)
    expect(summary.unscored).toBe(stopped)
  })

  it("stops when writing fails, and when it is told to", async () => {
    const write = () => Promise.reject(new Error("disk full"))
    await expect(judgeAll([one, two], judge, { write })).rejects.toThrow("disk full")
    const abortSignal = AbortSignal.abort(new Error("stopped"))
    await expect(judgeAll([one], judge, { write: () => {}, abortSignal })).rejects.toThrow("stopped")
  })
  it("writes nothing any more once it has stopped", async () => {
    const stop = new AbortController()
    const slow: Judge = {
      identity: "slow",
      judge: async () => {
        await sleep(20)
        return { verdict: "good", reason: "" }
      },
    }
    const written: string[] = []
    const many = Array.from({ length: 4 }, (_, i) => ({ ...one, id: String(i) }))
    async function* arriving() {
      yield* many
      stop.abort(new Error("stopped"))
      yield one
    }
    const write = (record: VerdictRecord) => void written.push(record.id)
    await expect(judgeAll(arriving(), slow, { write, abortSignal: stop.signal })).rejects.toThrow("stopped")
    const before = written.length
    await sleep(60)
    expect(written).toHaveLength(before)
  })
})
