import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { type DataSet, fetchFiles, findFiles, locate, splitNamed } from "../index.ts"

type Split = "train" | "dev" | "test"
const names: Record<Split, RegExp[]> = {
  train: [/^train\.json$/],
  dev: [/^dev\.json$/, /^dev-\d+\.parquet$/, /^main\/part\d$/],
  test: [/^test\.json$/],
}
const quiz: DataSet<Split> = {
  name: "Quiz",
  splits: ["train", "dev", "test"],
  remote: {},
  form: "Quiz's JSON file",
  home: "quiz",
  namesOf: (split) => names[split],
  foldersOf: () => ["main"],
}
const host = testHost()
const devNamed = (...patterns: RegExp[]): DataSet<Split> => ({ ...quiz, namesOf: () => patterns })

test("a file is every split; of a folder the first pattern with a match wins, all its files in order", async () => {
  const folder = temporaryFolder({ "dev-1.parquet": "", "dev-0.parquet": "", "main/part1": "" })
  const options = { host, dataPath: folder }
  expect(await locate(quiz, "dev", options)).toEqual({
    files: [join(folder, "dev-0.parquet"), join(folder, "dev-1.parquet")],
    isFile: false,
  })
  await writeFile(join(folder, "dev.json"), "")
  expect((await locate(quiz, "dev", options)).files).toEqual([join(folder, "dev.json")])
  expect((await locate(devNamed(/^main\/part\d$/), "dev", options)).files).toEqual([join(folder, "main", "part1")])
  const one = { host, dataPath: join(folder, "dev-0.parquet") }
  expect(await locate(quiz, "test", one)).toEqual({ files: [one.dataPath], isFile: true })
})

test("a data set's own sub-folders are searched first, then everybody's, and the same below its home among others", async () => {
  const folder = temporaryFolder()
  const places = ["quiz/raw", "quiz/main", "quiz", "raw", "derived", "data", "main"]
  for (const place of places) {
    await mkdir(join(folder, place), { recursive: true })
    await writeFile(join(folder, place, "dev.json"), "")
    expect((await locate(quiz, "dev", { host, dataPath: folder })).files).toEqual([join(folder, place, "dev.json")])
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
  await expect(locate(devNamed(pattern), "dev", { host, dataPath: temporaryFolder() })).rejects.toThrow(
    `named like ${name},`,
  )
})

test("what is not there is said with what would be", async () => {
  const folder = temporaryFolder()
  const options = { host, dataPath: folder }
  expect(await findFiles(quiz, "dev", options)).toBeUndefined()
  await expect(locate(quiz, "dev", options)).rejects.toThrow(
    /holds no dev split of Quiz: no file is named like dev\.json or dev-\*\.parquet or main\/part\*, in it or in main, data, derived, raw, quiz\. Take another split, or name/,
  )
  await writeFile(join(folder, "test.json"), "")
  await expect(locate(quiz, "dev", options)).rejects.toThrow(/ It holds test: ask for that with --split test, or/)
  await expect(locate(quiz, "dev", { host, dataPath: "absent" })).rejects.toThrow(/no file or folder .*absent/)
  expect(splitNamed("dev", quiz)).toBe("dev")
  expect(() => splitNamed("dve", quiz)).toThrow(/Quiz has no split "dve".*dev/)
})

test("where nothing can be downloaded, the message says how people come by the files", async () => {
  const rare = { ...quiz, source: "Ask its authors." }
  await expect(locate(rare, "dev", { host })).rejects.toThrow(
    "There is no public download of Quiz's dev split. Ask its authors. Give its file with --data PATH.",
  )
  await expect(fetchFiles(rare, host)).rejects.toThrow("There is no public download of Quiz. Ask its authors.")
})
