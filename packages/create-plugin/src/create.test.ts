import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { createPlugin, writeFolder } from "./create.ts"

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"))

test("versions are those that this package itself was made with", async () => {
  const { directory } = await createPlugin({ name: "@me/my-tool", kind: "tool", directory: temporaryFolder() })
  const own = readJson(join(import.meta.dirname, "../package.json"))
  const made = readJson(join(directory, "package.json"))
  expect(made.engines).toEqual(own.engines)
  expect(made.devDependencies.typescript).toBe(`^${own.devDependencies.typescript}`)
  expect(made.devDependencies["@swirl-ts/core"]).toBe(`^${own.dependencies["@swirl-ts/core"]}`)
  expect(made.peerDependencies["@swirl-ts/core"]).toBe(`>=${own.dependencies["@swirl-ts/core"]} <1`)
  expect(made.dependencies).toEqual({ zod: `^${own.devDependencies.zod}` })
})

test("no name of the template is left in a made package", async () => {
  const { directory } = await createPlugin({ name: "@me/units", kind: "tool", directory: temporaryFolder() })
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    expect(readFileSync(join(entry.parentPath, entry.name), "utf8"), entry.name).not.toMatch(/my-?(plugin|package)/i)
  }
  expect(existsSync(join(directory, ".gitignore"))).toBe(true)
})

test("an empty folder is taken, one with a file in it and a file are left as they are", async () => {
  const folder = temporaryFolder({ "full/notes.txt": "mine", file: "mine" })
  mkdirSync(join(folder, "empty"))
  const permissions = statSync(join(folder, "empty")).mode
  await createPlugin({ name: "empty", kind: "filter", directory: folder })
  expect(statSync(join(folder, "empty")).mode).toBe(permissions)
  expect(existsSync(join(folder, "empty/src/plugin.ts"))).toBe(true)
  await expect(createPlugin({ name: "full", kind: "filter", directory: folder })).rejects.toThrow(
    /full is not empty: notes.txt/,
  )
  await expect(createPlugin({ name: "file", kind: "filter", directory: folder })).rejects.toThrow(/is no folder/)
  expect(readdirSync(folder)).toEqual(["empty", "file", "full"])
  expect(readdirSync(join(folder, "full"))).toEqual(["notes.txt"])
})

test("what cannot be written whole is not there at all", async () => {
  const folder = temporaryFolder()
  const files = new Map([
    ["a", "text"],
    ["a/b", "below a file"],
  ])
  await expect(writeFolder(join(folder, "made"), files)).rejects.toThrow(/made cannot be written: /)
  expect(readdirSync(folder)).toEqual([])
})
