/** What can be checked of `npm run bench -- gpu` without a GPU: when a number counts as the CPU's, and what it refuses. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { type Checked, compare } from "../bench/gpu-parts.ts"
import { holds, reportTable } from "../bench/gpu-report.ts"

const cpu: Checked[] = [
  { check: "product f32", numbers: [1, -2] },
  { check: "product bf16", numbers: [1, -2] },
  { check: "gradient of LoRA f32", of: "a", numbers: [1e-3] },
  { check: "gradient of LoRA f32", of: "b", numbers: [1] },
  { check: "greedy tokens", numbers: [5, 6, 7, 8] },
]
const changed = (check: string, numbers: number[]) =>
  cpu.map((each) => (each.check === check && each.of !== "b" ? { ...each, numbers } : each))
const failing = (gpu: Checked[]) => compare(gpu, cpu).filter((each) => !each.holds)

test("the GPU's numbers are held against the CPU's, as exactly as their precision allows", () => {
  expect(failing(cpu)).toEqual([])
  // A product rounded to TF32 is off by some 1e-4; one in bf16 may be.
  expect(failing(changed("product f32", [1.0002, -2]))).toMatchObject([{ check: "product f32" }])
  expect(failing(changed("product bf16", [1.0002, -2]))).toEqual([])
  expect(failing(changed("gradient of LoRA f32", [1.1e-3]))).toMatchObject([{ worst: "a" }])
  expect(failing(changed("greedy tokens", [5, 6, 7, 9]))).toMatchObject([{ difference: 0.25 }])
  expect(failing(changed("product f32", [1, Number.NaN]))).toHaveLength(1)
  expect(failing([]).map(({ difference }) => difference)).toEqual(Array(4).fill(Number.POSITIVE_INFINITY))
})

test("a report holds only if everything was compared and every part ended well", () => {
  const report = { date: "2026-11-29", node: "v24", shape: "tiny", comparisons: compare(cpu, cpu), parts: [] }
  expect(holds(report)).toBe(true)
  expect(holds({ ...report, comparisons: [] })).toBe(false)
  const parts = [{ name: "speed", seconds: 1, measured: [], failure: "out of memory" }]
  expect(holds({ ...report, parts })).toBe(false)
  expect(reportTable(report)).toContain("no GPU: these are figures of a CPU")
})

test("a machine without a GPU is told so in a sentence, and nothing is installed there", () => {
  const bench = fileURLToPath(new URL("../bench/run.ts", import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [...sourceFlags, bench, "gpu"], {
    cwd: temporaryFolder(),
    encoding: "utf8",
    // Should it install all the same, it gets nothing.
    env: {
      ...process.env,
      CUDA_VISIBLE_DEVICES: "-1",
      npm_config_registry: "http://127.0.0.1:9",
      npm_config_fetch_retries: "0",
    },
  })
  expect([status, stdout]).toEqual([2, ""])
  expect(stderr).toMatch(/^There is nothing to measure here: CUDA_VISIBLE_DEVICES hides every GPU.*\n$/)
})
