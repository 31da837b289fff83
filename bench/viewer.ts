/**
 * A viewer from 100,000 evaluated samples: two policies on 50,000 questions, three steps each with token ids and
 * log-probabilities, and a judge's verdict on every step. Wall and processor time of a process of its own, its start and the building
 * of the viewer's script included, and its peak memory. Goal: 20 s.
 *   npm run bench -- viewer [--samples 100000] [--keep <folder>]
 */
import { createWriteStream } from "node:fs"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pipeline } from "node:stream/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { random } from "@swirl-ts/core"
import { runProcess } from "./run-process.ts"

const { values } = parseArgs({ options: { samples: { type: "string", default: "100000" }, keep: { type: "string" } } })
const questions = Number(values.samples) / 2
const folder = values.keep === undefined ? await mkdtemp(join(tmpdir(), "swirl-bench-")) : resolve(values.keep)
const draw = random(1)
const policies = ["before-0a0b0c0d", "after-0e0f0a0b"]

const ids = (length: number): number[] => Array.from({ length }, () => Math.floor(250 * draw.next()))
const logProbabilities = (length: number): number[] => Array.from({ length }, () => -draw.next())
const question = (row: number): string =>
  `mira has ${row} apples . she buys 5 more . the pile grows to 3 times its size . how many does she have now ?`

const trajectory = (policy: string, row: number): object => ({
  schema: "swirl.trajectory/1",
  id: `${policy}-${row}`,
  taskId: `test/${row}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  seed: 7,
  policy,
  actionFormat: "tags",
  question: question(row),
  prompt: [{ role: "user", content: [{ type: "text", text: `use calculator . ${question(row)}` }] }],
  steps: [0, 1, 2].map((index) => ({
    index,
    kind: index === 2 ? "answer" : "tool",
    text: index === 2 ? ` so <answer> ${row} </answer>` : ` next <math_exp> ${row} + ${index} </math_exp>`,
    ...(index === 2
      ? { answer: `${row}` }
      : {
          call: { tool: "calculator", input: { expression: `${row} + ${index}` }, query: `${row} + ${index}` },
          observation: { text: `${row + index}`, isError: false },
        }),
    contextTokenIds: ids(index === 0 ? 40 : 12),
    tokenIds: ids(9),
    logProbabilities: logProbabilities(9),
    finishReason: "stop",
  })),
  answer: `${row}`,
  status: "answered",
  usage: { inputTokens: 133, outputTokens: 22 },
})
const sample = (policy: string, row: number): object => ({
  schema: "swirl.eval-sample/1",
  id: `sample-${policy}-${row}`,
  taskId: `test/${row}`,
  trajectoryId: `${policy}-${row}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy,
  temperature: 0,
  seed: 7,
  primaryMetric: "accuracy",
  status: "scored",
  answer: `${row}`,
  metrics: { accuracy: draw.next() < 0.6 ? 1 : 0, gold_step_recall: draw.next() },
})
const verdict = (policy: string, row: number, step: number): object => ({
  schema: "swirl.verdict/1",
  id: `verdict-${policy}-${row}-${step}`,
  trajectoryId: `${policy}-${row}`,
  step,
  judge: "judges/grounded/1 bench-sandbox/calc 0a1b2c3d",
  verdict: draw.next() < 0.7 ? "good" : "bad",
  reason: "a new call; its numbers occur in the question or in earlier results",
})

async function write(path: string, records: Iterable<object>): Promise<void> {
  function* lines() {
    for (const record of records) yield `${JSON.stringify(record)}\n`
  }
  await pipeline(lines, createWriteStream(path, { highWaterMark: 1 << 20 }))
}

function* rows(make: (row: number) => object | object[]): Generator<object> {
  for (let row = 0; row < questions; row++) yield* [make(row)].flat()
}

try {
  for (const policy of policies) {
    const at = join(folder, "eval", policy)
    await mkdir(at, { recursive: true })
    await write(
      join(at, "calc.jsonl"),
      rows((row) => sample(policy, row)),
    )
    await write(
      join(at, "calc.trajectories.jsonl"),
      rows((row) => trajectory(policy, row)),
    )
    await write(
      join(at, "verdicts.jsonl"),
      rows((row) => [0, 1, 2].map((step) => verdict(policy, row, step))),
    )
  }
  await write(join(folder, "trajectories.jsonl"), [])
  const child = fileURLToPath(new URL("./viewer-child.ts", import.meta.url))
  const { lines, failure } = await runProcess(process.execPath, [...process.execArgv, child, folder])
  if (failure !== undefined) throw new Error(failure)
  const took = JSON.parse(lines.at(-1)!)
  console.log(
    `${took.samples} samples, ${took.verdicts} verdicts: ${took.processor.toFixed(1)} s of processor time, ${took.seconds.toFixed(1)} s (goal: 20), ` +
      `peak memory ${took.mebibytes.toFixed(0)} MiB; ${took.pages} pages of trajectories, ${(took.written / 1e6).toFixed(0)} MB`,
  )
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true })
}
