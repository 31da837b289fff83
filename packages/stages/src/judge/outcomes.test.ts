import type { VerdictRecord } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { judgedAccuracy, referenceOf } from "./outcomes.ts"

it.each([
  [{ answer: "Rome" }, "Rome"],
  [{ answer: "Rome", acceptedAnswers: ["Rome", "Roma", "Rome", "Urbs"] }, "Rome (also right: Roma; Urbs)"],
  [{ answer: "Rome", acceptedAnswers: ["unanswerable"] }, "unanswerable"],
  [{}, undefined],
])("a judge of answers is told all that counts as right: %j", (task, reference) => {
  expect(referenceOf({ id: "1", question: "Where?", ...task })).toBe(reference)
})

it("questions that were asked several times are the sample of a judged accuracy, too; answers without a verdict are left out", () => {
  const verdict = (trajectoryId: string, verdict: VerdictRecord["verdict"]): [string, VerdictRecord] => [
    trajectoryId,
    { schema: "swirl.verdict/1", id: trajectoryId, trajectoryId, step: 0, judge: "j", verdict, reason: "why" },
  ]
  const verdicts = [0, 1, 2, 3, 4].flatMap((epoch) => [
    verdict(`a${epoch}`, "bad"),
    verdict(`b${epoch}`, "good"),
    verdict(`c${epoch}`, "good"),
    verdict(`d${epoch}`, "good"),
    verdict(`e${epoch}`, "unscored"),
  ])
  expect(judgedAccuracy("j", new Map(verdicts), (id) => id[0]!, "run")).toMatchObject({
    accuracy: 0.75,
    n: 20,
    questions: 4,
    unscored: 5,
    unscoredReasons: { why: 5 },
    // scipy.stats.binomtest(3, 4).proportion_ci(method="wilson")
    ci: [expect.closeTo(0.3006418426, 9), expect.closeTo(0.9544127392, 9)],
  })
})
