/**
 * What the loop itself costs: 10,000 two-step trajectories (20,000 model calls) with a model that takes no time, in
 * memory and on disk, then 20,000 calls of 20 ms each at concurrency 64, whose ideal is 6.25 s.
 *   node_modules/node/bin/node -C @swirl-ts/source bench/loop.ts
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { LanguageModel, Task } from "@swirl-ts/core"
import { openRolloutFiles, type RolloutOptions, rollout, tags } from "@swirl-ts/runner"
import { runPaths } from "@swirl-ts/store"
import { benchmark, echo } from "./echo-benchmark.ts"

const count = 10_000
const calls = 2 * count
const model = (milliseconds: number): LanguageModel => ({
  specificationVersion: "v3",
  provider: "bench",
  modelId: "bench",
  async doGenerate({ prompt }) {
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    const text = prompt.length === 1 ? "next <echo>a</echo>" : "so <answer>a</answer>"
    return { content: [{ type: "text", text }], finishReason: "stop", usage: { inputTokens: 100, outputTokens: 10 } }
  },
})

const settings = (milliseconds: number, concurrency: number): RolloutOptions => ({
  benchmark: { value: benchmark, fullName: "bench/loop", split: "test" },
  model: model(milliseconds),
  tools: { echo },
  format: tags,
  seed: 0,
  policy: "bench",
  tasks: Array.from({ length: count }, (_, index): Task => ({ id: `test/${index}`, question: `question ${index}` })),
  concurrency,
})

async function measure(what: string, run: () => Promise<unknown>): Promise<void> {
  const before = performance.now()
  const processor = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(processor)
  const milliseconds = performance.now() - before
  const memory = Math.round(process.resourceUsage().maxRSS / 1024)
  const seconds = (milliseconds / 1000).toFixed(2)
  const each = ((user + system) / calls).toFixed(1)
  console.log(`${what}: ${seconds} s, ${each} µs of processor time a call, peak memory so far ${memory} MiB`)
}

const folder = await mkdtemp(join(tmpdir(), "swirl-bench-"))
try {
  await measure("in memory, concurrency 16", () => rollout(settings(0, 16)))
  const files = await openRolloutFiles(runPaths(folder))
  await measure("on disk, every response fsynced, concurrency 16", () => rollout({ ...settings(0, 16), ...files }))
  await measure("resumed: all there already", () => rollout({ ...settings(0, 16), ...files }))
  await files.close()
  await measure("20 ms a call, concurrency 64 (ideal 6.25 s)", () => rollout(settings(20, 64)))
} finally {
  await rm(join(folder), { recursive: true })
}
