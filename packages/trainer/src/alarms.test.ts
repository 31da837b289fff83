import { type MetricRecord, random } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { type Alarm, alarms } from "./alarms.ts"

type Row = Record<string, number | null>

/** All alarms of a training, as the loop raises them: one record after the other. */
function raise(rows: Row[], n = 100): (Alarm & { step: number })[] {
  const history: Pick<MetricRecord, "step" | "values">[] = []
  return rows.flatMap((values, step) => {
    history.push({ step, values: { rolloutTrajectories: n, ...values } })
    return alarms(history).map((alarm) => ({ step, ...alarm }))
  })
}
const kinds = (rows: Row[], n?: number) => [...new Set(raise(rows, n).map((alarm) => alarm.kind))]

/** 60 steps with roll-outs every 10; values move linearly from first to last. */
function training(moves: Record<string, [number, number]>): Row[] {
  return Array.from({ length: 61 }, (_, step) => {
    const row: Row = {}
    for (const [name, [from, to]] of Object.entries(moves)) {
      const rollout = name.startsWith("rollout")
      if (rollout ? step % 10 === 0 : step > 0) row[name] = from + ((to - from) * step) / 60
    }
    return row
  })
}

describe("gaming", () => {
  it("fires when judged reward climbs while accuracy goes to nothing (the prototype without a filter)", () => {
    const rows = training({ judgedReward: [0.55, 0.96], rolloutAccuracy: [0.22, 0] })
    for (const n of [40, 100, 300]) expect(kinds(rows, n)).toContain("gaming")
    const rarer = training({ judgedReward: [0.55, 0.96], rolloutAccuracy: [0.09, 0] })
    expect([40, 100].map((n) => kinds(rarer, n).includes("gaming"))).toEqual([false, true])
    const alarm = raise(rows).find(({ kind }) => kind === "gaming")
    expect(alarm!.message).toMatch(
      /judged reward rose from 0\.\d\d to 0\.\d\d, but accuracy of fresh roll-outs fell from 0\.22/,
    )
  })

  it("is raised once while it lasts", () => {
    const raised = raise(training({ judgedReward: [0.55, 0.96], rolloutAccuracy: [0.6, 0] }))
    expect(raised.filter(({ kind }) => kind === "gaming")).toHaveLength(1)
  })

  it("is raised again only after ten records without it", () => {
    const rows = Array.from({ length: 30 }, (_, step): Row => ({ unscoredRate: step % 3 === 0 || step > 26 ? 0.1 : 0 }))
    expect(raise(rows)).toHaveLength(1)
    for (let step = 5; step < 20; step++) rows[step]!.unscoredRate = 0
    expect(raise(rows).map((alarm) => alarm.step)).toEqual([0, 21])
  })

  it("fires when accuracy rises first and falls from its best", () => {
    const rows = training({ judgedReward: [0.55, 0.96] })
    ;[0.22, 0.5, 0.6, 0.55, 0.4, 0.3, 0.3].forEach((accuracy, index) => {
      rows[index * 10]!.rolloutAccuracy = accuracy
    })
    expect(kinds(rows)).toEqual(["gaming"])
  })

  it("does not fire when accuracy rises, stays within noise, or falls with the reward", () => {
    expect(kinds(training({ judgedReward: [0.55, 0.9], rolloutAccuracy: [0.22, 0.7] }))).toEqual([])
    expect(kinds(training({ judgedReward: [0.55, 0.95], rolloutAccuracy: [0.5, 0.4] }))).not.toContain("gaming")
    expect(kinds(training({ judgedReward: [0.9, 0.5], rolloutAccuracy: [0.5, 0] }))).not.toContain("gaming")
  })

  it("does not fire on a fall that the number of roll-outs cannot show", () => {
    const rows = training({ judgedReward: [0.55, 0.96], rolloutAccuracy: [0.2, 0.1] })
    expect(kinds(rows, 40)).not.toContain("gaming")
    expect(kinds(rows, 1000)).toContain("gaming")
  })

  it("is falsely raised in under 5 % of trainings whose accuracy only fluctuates", () => {
    let fired = 0
    for (let run = 0; run < 300; run++) {
      const source = random(run)
      const rows = training({ judgedReward: [0.55, 0.96] })
      for (let step = 0; step <= 60; step += 5) {
        rows[step]!.rolloutAccuracy =
          Array.from({ length: 100 }, () => Number(source.next() < 0.4)).reduce((a, b) => a + b) / 100
      }
      if (kinds(rows).includes("gaming")) fired += 1
    }
    expect(fired).toBeLessThan(15)
  })

  it("needs no reference answers when answers die out or trajectories shrink", () => {
    expect(kinds(training({ judgedReward: [0.55, 0.9], rolloutAnswered: [0.9, 0.2] }))).toEqual(["gaming"])
    expect(kinds(training({ judgedReward: [0.55, 0.9], rolloutMeanSteps: [4, 1.2] }))).toContain("gaming")
    expect(kinds(training({ judgedReward: [0.55, 0.9], rolloutAnswered: [0.6, 0.95] }))).toEqual([])
  })

  it("stays silent without roll-outs", () => {
    expect(kinds(training({ judgedReward: [0.5, 1] }))).toEqual([])
  })
})

describe("collapse", () => {
  it("fires on vanishing entropy, malformed actions, and groups that are all alike", () => {
    const fading = training({ entropy: [0.3, 0.03] })
    for (const row of fading.slice(-5)) row.entropy = 0.001
    expect(raise(fading).map((alarm) => [alarm.step, alarm.kind])).toEqual([[58, "collapse"]])
    expect(kinds(training({ malformedRate: [0.1, 0.4], cutOffRate: [0, 0.4] }))).toEqual(["collapse"])
    const flat = training({ groupsWithVariance: [0.8, 0.2] })
    for (const row of flat.slice(-3)) row.groupsWithVariance = 0
    expect(raise(flat).map((alarm) => [alarm.step, alarm.kind])).toEqual([[60, "collapse"]])
  })
  it("does not fire on a training that goes as the prototype's did", () => {
    expect(
      kinds(training({ entropy: [0.2, 0.03], malformedRate: [0.1, 0.01], groupsWithVariance: [0.84, 0.17] })),
    ).toEqual([])
  })
})

describe("regression", () => {
  it("fires when accuracy falls and the judge is displeased, too, or is not asked", () => {
    expect(kinds(training({ judgedReward: [0.9, 0.5], rolloutAccuracy: [0.5, 0] }))).toContain("regression")
    expect(kinds(training({ loss: [1, 0.1], rolloutAccuracy: [0.5, 0.1] }))).toEqual(["regression"])
    expect(kinds(training({ loss: [1, 0.1], rolloutAccuracy: [0.5, 0.45] }))).toEqual([])
  })
})

describe("a judge that is pleased with everything", () => {
  it("is told after three steps, and not where it is pleased in the end", () => {
    const [alarm] = raise(training({ judgedReward: [0.95, 1], groupsWithVariance: [0.3, 0.01] }))
    expect(alarm).toMatchObject({ step: 3, kind: "collapse" })
    expect(alarm!.message).toMatch(
      /pleased with 95\.\d % of the first actions, and rewards differed in 2\d\.\d % of the groups/,
    )
    expect(kinds(training({ judgedReward: [0.7, 1], groupsWithVariance: [0.8, 0.05] }))).toEqual([])
    expect(kinds(training({ judgedReward: [0.95, 1], groupsWithVariance: [0.8, 0.05] }))).toEqual([])
  })
})

describe("stall", () => {
  it("fires from the tenth step on where neither reward nor accuracy rises", () => {
    expect(raise(training({ judgedReward: [0.6, 0.62], rolloutAccuracy: [0.3, 0.3] }))).toMatchObject([
      { step: 10, kind: "stall" },
    ])
  })
  it("does not fire where either rises, reward is high already, or nobody knows of accuracy", () => {
    const flat: [number, number] = [0.6, 0.62]
    expect(kinds(training({ judgedReward: [0.5, 1.4], rolloutAccuracy: [0.3, 0.3] }))).toEqual([])
    expect(kinds(training({ judgedReward: flat, rolloutAccuracy: [0.3, 0.9] }))).toEqual([])
    expect(kinds(training({ judgedReward: [0.95, 0.96], rolloutAccuracy: [0.3, 0.3] }))).toEqual([])
    expect(kinds(training({ judgedReward: flat }))).toEqual([])
  })
})

describe("divergence", () => {
  it("fires where the policy is far from where it began", () => {
    expect(kinds(training({ klPerToken: [0, 0.09] }))).toEqual([])
    expect(kinds(training({ klPerToken: [0, 0.2] }))).toEqual(["divergence"])
  })
})

describe("tool-call-drift", () => {
  it("fires when roll-outs become much shorter or longer, or answers die out", () => {
    expect(kinds(training({ rolloutMeanSteps: [3, 2] }))).toEqual(["tool-call-drift"])
    expect(kinds(training({ rolloutMeanSteps: [3, 5] }))).toEqual(["tool-call-drift"])
    expect(kinds(training({ answerRate: [0.4, 0.02] }))).toEqual(["tool-call-drift"])
  })
  it("does not fire where a policy learns to call a tool before it answers", () => {
    expect(
      kinds(training({ toolCallRate: [0.54, 0.85], answerRate: [0.42, 0.14], rolloutMeanSteps: [3.3, 4.2] })),
    ).toEqual([])
    expect(kinds(training({ answerRate: [0.1, 0.05] }))).toEqual([])
  })
})

describe("unscored", () => {
  it("fires above two per cent and says which kind of action", () => {
    const [alarm] = raise([{}, { unscoredRate: 0.03, unscoredToolRate: 0.01, unscoredAnswerRate: 0.2 }])
    expect(alarm).toMatchObject({ step: 1, kind: "unscored" })
    expect(alarm!.message).toContain("3.0 % of the actions (1.0 % of the tool calls, 20.0 % of the answers)")
    expect(raise([{}, { unscoredRate: 0.02 }])).toEqual([])
  })
})
