/** Exports of a small real run folder, whole: files, counts, and what is refused. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { filter } from "@swirl-ts/stages"
import { parquetReadObjects } from "hyparquet"
import { expect, test } from "vitest"
import { exported, ownRun, rowsOf } from "../../test/exported.ts"
import { exportFormats } from "./all.ts"

const golden = (name: string): string => join("../../test/golden", name)
const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Every file of the folder that an export was made in, beside the run. */
const left = (folder: string): string[] => readdirSync(folder).filter((name) => name !== "run")

for (const format of exportFormats.filter(({ destination }) => destination !== "folder").map(({ name }) => name)) {
  test(`${format}: the rows of a recorded run, and what they are of`, async () => {
    const context = ownRun()
    const { host, directory } = context
    const { out, ...result } = await exported(context, { format, out: "out.jsonl" })
    const rows = rowsOf(join(dirname(directory), "out.jsonl"))
    expect(rows).toHaveLength(result.rows)
    expect(left(host.workingDirectory).sort()).toEqual(["out.jsonl", "out.jsonl.export.json"])
    expect(JSON.parse(readFileSync(`${out}.export.json`, "utf8"))).toEqual(JSON.parse(JSON.stringify(result)))
    await expect(text({ ...result, files: undefined, firstRows: rows.slice(0, 4) })).toMatchFileSnapshot(
      golden(`${format}.txt`),
    )
  })
}

for (const format of ["lm-eval", "atif"]) {
  test(`${format}: a folder of the recorded run`, async () => {
    const context = ownRun()
    const { out, ...result } = await exported(context, { format, out: "out" })
    const [first] = result.files
    const sample = rowsOf(join(out, first!.name))[0]
    await expect(text({ ...result, sample })).toMatchFileSnapshot(golden(`${format}.txt`))
  })
}

test("the same records give the same bytes, and an export is written over by its own alone", async () => {
  for (const { name, destination } of exportFormats) {
    const context = ownRun()
    const out = destination === "folder" ? "out" : `out${destination.endings.at(-1)}`
    const first = await exported(context, { format: name, out })
    const again = await exported(context, { format: name, out })
    expect(again.files).toEqual(first.files)
    expect(left(context.host.workingDirectory).every((file) => file.startsWith("out"))).toBe(true)
  }
})

test("Parquet holds what JSON Lines hold", async () => {
  for (const format of ["verl", "skyrl"]) {
    const context = ownRun()
    const lines = await exported(context, { format, out: "a.jsonl" })
    const table = await exported(context, { format, out: "a.parquet" })
    const bytes = readFileSync(table.out)
    const file = {
      byteLength: bytes.length,
      slice: (start: number, end?: number) => new Uint8Array(bytes.subarray(start, end)).buffer,
    }
    const read = await parquetReadObjects({ file })
    expect(plain(read)).toEqual(plain(rowsOf(lines.out)))
  }
})

/** Without what is null, and with numbers as JSON has them. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === "bigint" ? Number(each) : each === null ? undefined : each)),
  )

test("trajectories are those that swirl filter keeps, whatever the strategy; some of them where they are asked for", async () => {
  const context = ownRun()
  const records = join(context.directory, "trajectories.jsonl")
  // One answer of eight is made right: that to test/0.
  writeFileSync(records, readFileSync(records, "utf8").replace('"answer":"90","status"', '"answer":"270","status"'))
  for (const [strategy, most] of Object.entries({ none: 8, process: 3, outcome: 1 })) {
    const { ids } = await filter(context, { strategy, judge: "grounded" })
    const { out, trajectories } = await exported(context, { format: "trl-sft", out: `${strategy}.jsonl`, strategy })
    expect(ids).toHaveLength(most)
    expect(trajectories).toMatchObject({ total: 8, kept: most, dropped: 8 - most })
    expect(new Set(rowsOf(out).map(({ trajectory_id }) => trajectory_id))).toEqual(new Set(ids))
  }
  const some = await exported(context, {
    format: "trl-sft",
    out: "s.jsonl",
    strategy: "none",
    ids: ["test/3"],
    limit: 1,
  })
  expect(rowsOf(some.out).map(({ row_id }) => row_id)).toEqual(["013d2aff3656b655/0"])
})

test("what cannot be is refused in a sentence, and nothing is left behind", async () => {
  const context = ownRun()
  const { host, directory } = context
  const refused = async (request: Parameters<typeof exported>[1], why: string | RegExp) => {
    await expect(exported(context, request)).rejects.toThrow(why)
    expect(left(host.workingDirectory)).toEqual([])
  }
  await refused({ format: "trl-stf", out: "a.jsonl" }, 'There is no export format "trl-stf". Did you mean')
  await refused({ format: "trl-sft", out: "a.csv" }, "a file that ends in .jsonl")
  await refused({ format: "trl-sft", out: "a.parquet" }, "a file that ends in .jsonl")
  await refused({ format: "trl-sft", out: "a.jsonl", split: "dev" }, "No trajectory of")
  await refused({ format: "trl-sft", out: "a.jsonl", evaluation: "nano" }, 'holds no evaluation of "nano"')
  await refused({ format: "trl-dpo", out: "a.jsonl", ids: ["test/3"], limit: 1 }, "There is nothing to export")
  rmSync(join(directory, "verdicts.jsonl"))
  await refused({ format: "trl-prm", out: "a.jsonl" }, "which the format trl-prm goes by. Judge first: swirl judge")
  await refused({ format: "verl", out: "a.jsonl" }, "which the strategy process goes by. Judge first")
})

test("what another program wrote is not written over", async () => {
  const context = ownRun()
  const file = join(context.host.workingDirectory, "mine.jsonl")
  writeFileSync(file, "mine")
  await expect(exported(context, { format: "openai-chat", out: file })).rejects.toThrow("is no export of this command")
  expect(readFileSync(file, "utf8")).toBe("mine")
  await expect(exported(context, { format: "hf", out: dirname(context.directory) })).rejects.toThrow("is there already")
  expect(existsSync(context.directory)).toBe(true)
})

test("an export that is stopped leaves what stood there", async () => {
  const context = ownRun()
  const before = await exported(context, { format: "hf", out: "out" })
  const controller = new AbortController()
  const stopped = { ...context, abortSignal: controller.signal, onProgress: () => controller.abort(new Error("stop")) }
  await expect(exported(stopped, { format: "hf", out: "out", strategy: "process" })).rejects.toThrow("stop")
  expect(JSON.parse(readFileSync(join(before.out, "export.json"), "utf8")).rows).toBe(8)
  expect(left(context.host.workingDirectory)).toEqual(["out"])
})
