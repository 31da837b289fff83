/** The loop of the page, small, once with files in memory, as a browser has them, and once with files on a disk. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const child = fileURLToPath(new URL("./tab-child.ts", import.meta.url))
const settings = {
  ...{ task: "calc", judge: "grounded", seed: 7, tasks: 48, iterations: 1 },
  ...{ rolloutTasks: 4, rolloutEvery: 1, questions: 8 },
}

interface Ran {
  inMemory: boolean
  cell: object
  /** By path in the run folder, in base 64. */
  files: Record<string, string>
}

async function ran(flags: readonly string[], folder: string): Promise<Ran> {
  const args = [...sourceFlags, ...flags, child, JSON.stringify(settings), folder]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 28 })
  return JSON.parse(stdout) as Ran
}

/** What says when, how long or where: the run's own id, seconds, the machine. */
const differs = [
  "run.json",
  "train/tab/events.out.tfevents.0.swirl",
  "train/tab/metrics.jsonl",
  "train/tab/result.json",
]

test("with files in memory and with files on a disk the loop leaves the same records and the same weights", async () => {
  const folder = `${temporaryFolder()}/run`
  const memory = await ran(["--conditions=browser"], folder)
  const disk = await ran([], folder)
  expect([memory.inMemory, disk.inMemory]).toEqual([true, false])
  expect(memory.cell).toEqual(disk.cell)
  expect(Object.keys(memory.files).sort()).toEqual(Object.keys(disk.files).sort())
  const others = Object.keys(disk.files).filter((path) => memory.files[path] !== disk.files[path])
  expect(others.sort()).toEqual(differs)
  expect(Object.keys(disk.files)).toEqual(
    expect.arrayContaining(["trajectories.jsonl", "verdicts.jsonl", "train/tab/checkpoints/1/model.safetensors"]),
  )
  const numbers = ({ files }: Ran) =>
    Buffer.from(files["train/tab/metrics.jsonl"]!, "base64")
      .toString()
      .replaceAll(/"seconds":[\d.e-]+,?/g, "")
  expect(numbers(memory)).toBe(numbers(disk))
}, 300_000)
