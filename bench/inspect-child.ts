/**
 * Our side of `inspect.ts`: samples of two turns, a native tool call and an answer, scored, every record on disk. Arguments: how
 * many samples, a folder. Prints one JSON line: processor seconds of the evaluation, imports aside.
 */
import type { LanguageModel, Task } from "@swirl-ts/core"
import { evaluate, native, openEvaluationFiles } from "@swirl-ts/runner"
import { runPaths } from "@swirl-ts/store"
import { benchmark, echo } from "./echo-benchmark.ts"

const [count = "0", folder = "."] = process.argv.slice(2)
const usage = { inputTokens: 100, outputTokens: 10 }
const model: LanguageModel = {
  specificationVersion: "v3",
  provider: "bench",
  modelId: "bench",
  async doGenerate({ prompt }) {
    const isFirst = prompt.every(({ role }) => role === "user")
    const content = isFirst
      ? [{ type: "tool-call" as const, toolCallId: "1", toolName: "echo", input: '{"text":"a"}' }]
      : [{ type: "text" as const, text: "<answer>a</answer>" }]
    return { content, finishReason: isFirst ? "tool-calls" : "stop", usage }
  },
}
const tasks = Array.from(
  { length: Number(count) },
  (_, index): Task => ({ id: `test/${index}`, question: `question ${index}`, answer: "a" }),
)
const before = process.cpuUsage()
const paths = runPaths(folder)
const files = await openEvaluationFiles({ ...paths, ...paths.evaluation("bench", "loop") })
const result = await evaluate({
  ...files,
  benchmark: { value: benchmark, fullName: "bench/loop", split: "test" },
  model,
  tools: { echo },
  format: native,
  seed: 0,
  policy: "bench",
  tasks,
  concurrency: 16,
})
await files.close()
const { user, system } = process.cpuUsage(before)
if (result.scored !== tasks.length || result.steps !== 2 * tasks.length || result.malformed > 0)
  throw new Error(
    `${result.scored} of ${tasks.length} samples were scored, of ${result.steps} steps (${result.lastError})`,
  )
console.log(JSON.stringify({ seconds: (user + system) / 1e6, samples: tasks.length }))
