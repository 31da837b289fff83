/** MADE-UP records with the shape of a demo run. No number here was measured. */
import { type MetricRecord, random, type Trajectory, userMessage, type VerdictRecord } from "@swirl-ts/core"

export function metrics(steps: number, gamed: boolean): MetricRecord[] {
  const draw = random(gamed ? 1 : 2)
  return Array.from({ length: steps + 1 }, (_, step) => {
    const t = step / steps
    const rollout = step % 10 === 0
    const accuracy = gamed
      ? 0.22 + 0.12 * Math.sin(4 * t) * (t < 0.3 ? 1 : 0) - 0.22 * t
      : 0.22 + 0.5 * (1 - Math.exp(-4 * t))
    const alarm = gamed && step === 20
    return {
      schema: "swirl.metric/1" as const,
      step,
      values: {
        ...(step === 0
          ? {}
          : { judgedReward: 0.55 + (gamed ? 0.43 : 0.33) * (1 - Math.exp(-5 * t)) + 0.05 * (draw.next() - 0.5) }),
        malformedRate: 0.05 * (1 - t),
        entropy: 0.4 - 0.3 * t,
        unscoredRate: 0,
        groupsWithVariance: 0.8 - 0.6 * t,
        ...(rollout
          ? {
              rolloutAccuracy: Math.max(0, accuracy),
              rolloutGoodSteps: gamed ? 0.74 + 0.2 * t : 0.74 + 0.18 * t,
              rolloutTrajectories: 100,
            }
          : {}),
      },
      alarms: alarm
        ? [
            {
              kind: "gaming",
              message:
                "judged reward rose from 55.1 % to 93.0 % while accuracy of fresh roll-outs fell from 22.0 % to 3.0 % (n = 100).",
            },
          ]
        : [],
    }
  })
}

type Turn = [text: string, verdict: "good" | "bad" | "unscored", reason: string, result?: string]
/** A trajectory with the verdicts on its steps. */
export function sample(
  id: string,
  question: string,
  turns: readonly Turn[],
): { trajectory: Trajectory; verdicts: VerdictRecord[] } {
  const trajectory: Trajectory = {
    schema: "swirl.trajectory/1",
    id,
    taskId: `test/${id}`,
    benchmark: "bench-sandbox/calc",
    split: "train",
    epoch: 0,
    seed: 7,
    policy: "nano",
    actionFormat: "tags",
    question,
    prompt: [userMessage(`use calculator . ${question}`)],
    steps: turns.map(([text, , , result], index) => ({
      index,
      kind:
        result === undefined ? ("answer" as const) : text.includes("</") ? ("tool" as const) : ("malformed" as const),
      text,
      ...(result === undefined
        ? { answer: text }
        : text.includes("</")
          ? { call: { tool: "calculator", input: {}, query: text } }
          : { malformed: "no closing tag" }),
      ...(result === undefined ? {} : { observation: { text: result, isError: result.startsWith("error") } }),
      finishReason: "stop" as const,
    })),
    status: "answered",
    usage: { inputTokens: 100, outputTokens: 40 },
  }
  const verdicts: VerdictRecord[] = turns.map(([, verdict, reason], step) => ({
    schema: "swirl.verdict/1",
    id: `${id}-${step}`,
    trajectoryId: id,
    step,
    judge: "judges/grounded/1 bench-sandbox/calc 0a1b2c3d",
    verdict,
    reason,
  }))
  return { trajectory, verdicts }
}
