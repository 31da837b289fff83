import { mkdir, mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { locate, splitNamed } from "./index.ts"

const host: Host = { cacheDirectory: "/nowhere", workingDirectory: tmpdir(), environment: {}, log: () => {} }
const options = {
  benchmark: "Quiz",
  split: "dev",
  host,
  names: [/^dev\.json$/, /^dev-\d+\.parquet$/, /^main\/part\d$/],
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
  expect((await locate({ ...options, names: [/^main\/part\d$/], dataPath: folder })).files).toEqual([
    join(folder, "main", "part1"),
  ])
  expect(await locate({ ...options, dataPath: join(folder, "dev-0.parquet") })).toMatchObject({ isFile: true })
})

test("what is not there is said with what would be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "swirl-locate-"))
  await expect(locate({ ...options, dataPath: folder })).rejects.toThrow(/holds no dev split of Quiz.*dev.*in main/)
  await expect(locate({ ...options, dataPath: "absent" })).rejects.toThrow(/no file or folder .*absent/)
  await expect(locate(options)).rejects.toThrow(/no public download of Quiz's dev split.*--data/)
  expect(splitNamed("dev", ["train", "dev"], "Quiz")).toBe("dev")
  expect(() => splitNamed("dve", ["train", "dev"], "Quiz")).toThrow(/Quiz has no split "dve".*dev/)
})
