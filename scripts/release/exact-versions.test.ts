import { readFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { exactVersionsEverywhere } from "./exact-versions.mjs"

const workspace = (core: string) =>
  temporaryFolder({
    "package.json": { name: "all", devDependencies: { "@x/core": "0.1.0", other: "1.0.0" } },
    "packages/core/package.json": { name: "@x/core", version: core },
    "packages/cli/package.json": {
      name: "@x/cli",
      version: "0.1.0",
      dependencies: { "@x/core": "0.1.0", "@x/tool": "0.1.0" },
    },
    "packages/tool/package.json": {
      name: "@x/tool",
      version: "0.1.0",
      peerDependencies: { "@x/core": ">=0.1.0 <1" },
      devDependencies: { "@x/core": "0.1.0" },
    },
  })
const satisfies = (version: string) => version.startsWith("0.")

test("packages take each other at the version that stands there, and ranges of peers stay", () => {
  const folder = workspace("0.2.0")
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"))
  const changed = ["package.json", "packages/cli/package.json", "packages/tool/package.json"]
  expect(exactVersionsEverywhere(folder, satisfies)).toEqual(changed)
  expect(read("package.json").devDependencies).toEqual({ "@x/core": "0.2.0", other: "1.0.0" })
  expect(read("packages/cli/package.json").dependencies).toEqual({ "@x/core": "0.2.0", "@x/tool": "0.1.0" })
  const { peerDependencies, devDependencies } = read("packages/tool/package.json")
  expect([peerDependencies, devDependencies]).toEqual([{ "@x/core": ">=0.1.0 <1" }, { "@x/core": "0.2.0" }])
  expect(exactVersionsEverywhere(folder, satisfies)).toEqual([])
})

test("a version that a peer's range does not hold stops it, with nothing written", () => {
  const folder = workspace("1.0.0")
  const before = readFileSync(join(folder, "packages/cli/package.json"), "utf8")
  expect(() => exactVersionsEverywhere(folder, satisfies)).toThrow(
    "@x/tool takes @x/core >=0.1.0 <1, which 1.0.0 is not in",
  )
  expect(readFileSync(join(folder, "packages/cli/package.json"), "utf8")).toBe(before)
})
