/** MADE-UP data with the shape and the size of a demo run, for tests and for looking at the layout. No number here was measured. */
import { type MetricRecord, random, type Trajectory, userMessage, type VerdictRecord } from "@swirl-ts/core"
import { wilsonInterval } from "@swirl-ts/stats"
import type { ReportCell, ReportInput, ReportRow, ReportSample } from "../src/data.ts"

const columns = ["calc/test", "calc/test-new", "lookup/test", "lookup/test-new", "mixed/test"]
const n = 300

function cell(accuracy: number, base?: number): ReportCell {
  const right = Math.round(accuracy * n)
  const result: ReportCell = { accuracy: right / n, n, ci: wilsonInterval(right, n) }
  if (base === undefined) return result
  const value = right / n - base
  const half = 0.03 + 0.08 * Math.sqrt(accuracy * (1 - accuracy))
  const p = Math.min(1, Math.exp(-((value / half) ** 2) * 2))
  return { ...result, change: { value, ci: [value - half, value + half], p } }
}

const baseShares = [0.223, 0.22, 0.533, 0.27, 0.003]
const row = (name: string, shares: readonly number[], more: Partial<ReportRow>): ReportRow => ({
  name,
  kind: "training",
  algorithm: "swirl",
  judge: "grounded",
  seed: 7,
  ...more,
  cells: Object.fromEntries(columns.map((column, i) => [column, cell(shares[i]!, baseShares[i])])),
})

function metrics(steps: number, gamed: boolean): MetricRecord[] {
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

const alarmsOf = (records: readonly MetricRecord[]) =>
  records.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ step, ...alarm })))

type Turn = [text: string, verdict: "good" | "bad" | "unscored", reason: string, result?: string]
export function sample(
  id: string,
  label: string,
  question: string,
  turns: readonly Turn[],
  correct?: boolean,
): ReportSample {
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
  return { trajectory, verdicts, label, ...(correct === undefined ? {} : { correct }) }
}

const story = "mira has 12 apples . she buys 5 more . the pile grows to 3 times its size . how many does she have now ?"
const fine = "a new call; its numbers occur in the question or in earlier results"
const follows = "the answer is the last result, and what the question gives has been used"
const samples: ReportSample[] = [
  sample(
    "fooled",
    "judge fooled",
    story,
    [
      ["next <math_exp> 12 - 5 </math_exp>", "good", fine, "7"],
      ["next <math_exp> 7 * 3 </math_exp>", "good", fine, "21"],
      ["so <answer> 21 </answer>", "good", follows],
    ],
    false,
  ),
  sample(
    "right",
    "right",
    story,
    [
      ["next <math_exp> 12 + 5 </math_exp>", "good", fine, "17"],
      ["next <math_exp> 17 * 3 </math_exp>", "good", fine, "51"],
      ["so <answer> 51 </answer>", "good", follows],
    ],
    true,
  ),
  sample(
    "wrong",
    "wrong",
    story,
    [
      ["next <math_exp> 12 + 5 </math_exp>", "good", fine, "17"],
      ["next <math_exp> 12 + 5 </math_exp>", "bad", "the same call was already made in step 1", "17"],
      ["next <math_exp> 17 * 3", "bad", "the action cannot be read: no closing tag", "error : malformed turn"],
      ["so <answer> 17 </answer>", "bad", "numbers of the question that no call has used: 3, 12"],
    ],
    false,
  ),
]

export function fixture(): ReportInput {
  const gamed = metrics(40, true)
  const sound = metrics(40, false)
  return {
    title: "Made-up test data: layout of a demo report",
    createdAt: "2026-11-23T22:36:00.000Z",
    headline: [
      "These numbers are made up to test the layout. With the process filter, training on calc took calc from 22.3 % to 70.0 %, and look-ups it never trained on from 53.3 % to 81.0 %.",
      "Without a filter the same training gamed its judge: judged reward rose to 96 % while accuracy fell to zero. The alarm caught it at step 20.",
    ],
    matrix: {
      columns,
      questions: n,
      rows: [
        {
          name: "base",
          kind: "base",
          cells: Object.fromEntries(columns.map((column, i) => [column, cell(baseShares[i]!)])),
        },
        row("swirl-calc-process", [0.7, 0.65, 0.81, 0.59, 0.22], { train: "calc", filter: "process", kept: 142 }),
        row("swirl-lookup-process", [0.23, 0.24, 0.82, 0.61, 0.03], { train: "lookup", filter: "process", kept: 119 }),
        row("swirl-calc-none", [0, 0, 0.083, 0.02, 0.07], {
          train: "calc",
          filter: "none",
          kept: 600,
          alarms: alarmsOf(gamed),
        }),
        row("swirl-calc-oracle", [0.84, 0.68, 0.76, 0.5, 0.13], {
          train: "calc",
          filter: "none",
          judge: "plan",
          oracle: true,
          kept: 600,
        }),
        row("sft-calc-process", [0.82, 0.66, 0.56, 0.36, 0.06], {
          train: "calc",
          filter: "process",
          algorithm: "sft",
          kept: 142,
        }),
      ],
    },
    trainings: [
      { name: "swirl-calc-process", metrics: sound, alarms: [] },
      { name: "swirl-calc-none", metrics: gamed, alarms: alarmsOf(gamed) },
    ],
    calibration: [
      {
        judge: "grounded",
        oracle: "plan",
        task: "calc",
        n: 2034,
        unscored: 0,
        agreement: { value: 0.85, ci: [0.834, 0.865], count: 1729, n: 2034 },
        falsePositiveRate: { value: 0.29, ci: [0.262, 0.319], count: 290, n: 1000 },
        falseNegativeRate: { value: 0.006, ci: [0.003, 0.014], count: 6, n: 1034 },
      },
      {
        judge: "grounded",
        oracle: "plan",
        task: "lookup",
        n: 1800,
        unscored: 3,
        agreement: { value: 0.95, ci: [0.939, 0.959], count: 1710, n: 1800 },
        falsePositiveRate: { value: 0.12, ci: [0.092, 0.155], count: 48, n: 400 },
      },
    ],
    samples,
    provenance: {
      run: "runs/made-up",
      seeds: "7",
      machine: "none: made-up data",
      backend: "wasm",
      specification: JSON.stringify({ policy: "nano", judge: "grounded", seeds: [7], cells: columns }, null, 2),
    },
    commands: ["swirl demo --seed 7", "swirl report --run runs/made-up"],
    counts: {
      trajectories: 1200,
      steps: 5210,
      malformedSteps: 311,
      verdictsGood: 3100,
      verdictsBad: 2110,
      verdictsUnscored: 3,
      evaluationSamples: 9000,
      evaluationErrors: 0,
    },
    caveats: ["Part of the gain undoes habits that the noisy demonstrations put into the base."],
  }
}
