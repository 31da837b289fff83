import { mkdir, mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { locate, splitNamed } from "../index.ts"

const host: Host = { cacheDirectory: "/nowhere", workingDirectory: tmpdir(), environment: {}, log: () => {} }
const names: Record<string, RegExp[]> = {
  dev: [/^dev\.json$/, /^dev-\d+\.parquet$/, /^main\/part\d$/],
  train: [/^train\.json$/],
  test: [/^test\.json$/],
}
const options = {
  benchmark: "Quiz",
  split: "dev",
  splits: ["train", "dev", "test"],
  host,
  namesOf: (split: string) => names[split]!,
  folders: ["main"],
}

test("a file is every split; of a folder the first pattern with a match wins, all its files in order", async () => {
  const folder = await mkdtemp(join(tmpdir(), "swirl-locate-"))
  await mkdir(join(folder, "main"))
  for (const name of ["dev-1.parquet", "dev-0.parquet", "main/part1"]) await writeFile(join(folder, name), "")
  expect(await locate({ ...options, dataPath: folder })).toEqual({
    files: [join(folder, "dev-0.parquet"), join(folder, "dev-1.parquet")],
    isFile: false,
  })
  await writeFile(join(folder, "dev.json"), "")
  expect((await locate({ ...options, dataPath: folder })).files).toEqual([join(folder, "dev.json")])
  expect((await locate({ ...options, namesOf: () => [/^main\/part\d$/], dataPath: folder })).files).toEqual([
    join(folder, "main", "part1"),
  ])
  expect(await locate({ ...options, dataPath: join(folder, "dev-0.parquet") })).toMatchObject({ isFile: true })
})

test("every benchmark's sub-folders are searched, its own first, and the same below its folder among others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "swirl-locate-"))
  const places = ["quiz/raw", "quiz/main", "quiz", "raw", "derived", "data", "main"]
  for (const place of places) {
    await mkdir(join(folder, place), { recursive: true })
    await writeFile(join(folder, place, "dev.json"), "")
    const { files } = await locate({ ...options, home: "quiz", dataPath: folder })
    expect(files).toEqual([join(folder, place, "dev.json")])
  }
})

test.each([
  [/^hotpot_dev.*\.jsonl?$/, "hotpot_dev*.json"],
  [/^(?:dev|validation)(?:-\d+-of-\d+)?\.(?:jsonl?|parquet)$/, "dev.json"],
  [/^socratic\/test-\d+-of-\d+\.parquet$/, "socratic/test-*-of-*.parquet"],
  [/hop.*\.jsonl?$/i, "*hop*.json"],
  [/^musique_ans_v1\.0_dev/, "musique_ans_v1.0_dev*"],
])("a message says what files may be called, not %s", async (pattern, name) => {
  expect(pattern.test(name.replaceAll("*", "1"))).toBe(true)
  const folder = await mkdtemp(join(tmpdir(), "swirl-locate-"))
  await expect(locate({ ...options, namesOf: () => [pattern], dataPath: folder })).rejects.toThrow(
    `named like ${name},`,
  )
})

test("what is not there is said with what would be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "swirl-locate-"))
  await expect(locate({ ...options, dataPath: folder })).rejects.toThrow(
    /holds no dev split of Quiz: no file is named like dev\.json or dev-\*\.parquet or main\/part\*, in it or in main, data, derived, raw\. Take another split, or name/,
  )
  await writeFile(join(folder, "test.json"), "")
  await expect(locate({ ...options, dataPath: folder })).rejects.toThrow(
    / It holds test: ask for that with --split test, or/,
  )
  await expect(locate({ ...options, dataPath: "absent" })).rejects.toThrow(/no file or folder .*absent/)
  await expect(locate(options)).rejects.toThrow(/no public download of Quiz's dev split.*--data/)
  expect(splitNamed("dev", ["train", "dev"], "Quiz")).toBe("dev")
  expect(() => splitNamed("dve", ["train", "dev"], "Quiz")).toThrow(/Quiz has no split "dve".*dev/)
})
