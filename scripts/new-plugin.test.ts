import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { kindNames } from "@swirl-ts/create-plugin"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { newPlugin } from "./new-plugin.ts"
import { completed, readmeProblems } from "./package-standard.ts"

const workspace = fileURLToPath(new URL("../", import.meta.url))
const edited = [".dependency-cruiser.mjs", "packages/cli/package.json", "packages/cli/src/official-plugins.ts"]
const readFrom = ["LICENSE", "packages/tools-calculator/package.json", "packages/create-plugin/package.json"]

/** The files of the workspace that a new package is made from and told to. */
const copy = (): string =>
  temporaryFolder(
    Object.fromEntries([...edited, ...readFrom].map((path) => [path, readFileSync(join(workspace, path), "utf8")])),
  )
const read = (root: string, path: string): string => readFileSync(join(root, path), "utf8")

test.each(kindNames)("a new %s package says what every package says", async (kind) => {
  const root = copy()
  await newPlugin(root, `new-${kind}`, kind)
  const manifest = JSON.parse(read(root, `packages/new-${kind}/package.json`))
  expect(JSON.stringify(manifest)).toBe(JSON.stringify(completed(manifest, `new-${kind}`)))
  expect(manifest.name).toBe(`@swirl-ts/new-${kind}`)
  const { exports, peerDependencies } = JSON.parse(read(root, "packages/tools-calculator/package.json"))
  expect(manifest).toMatchObject({ exports, peerDependencies })
  expect(read(root, `packages/new-${kind}/LICENSE`)).toBe(read(root, "LICENSE"))
  expect(readmeProblems(read(root, `packages/new-${kind}/README.md`), `new-${kind}`, "")).toEqual([])
  expect(readdirSync(join(root, `packages/new-${kind}`)).sort()).toEqual([
    "LICENSE",
    "README.md",
    "package.json",
    "src",
  ])
})

test("it may import what plugins may, and is one of the command's", async () => {
  const root = copy()
  await newPlugin(root, "tools-units", "tool")
  expect(read(root, ".dependency-cruiser.mjs")).toContain('  "tools-units": ["core", "kit"],\n')
  expect(JSON.parse(read(root, "packages/cli/package.json")).dependencies["@swirl-ts/tools-units"]).toBe("0.1.0")
  const official = read(root, "packages/cli/src/official-plugins.ts")
  expect(official).toContain('import { toolsUnits } from "@swirl-ts/tools-units"\n')
  expect(official).toMatch(/factories = \{[^}]*\n {2}toolsUnits,\n[^}]*\}/)
})

test("where one is already, or with a scope, nothing changes", async () => {
  const root = copy()
  const before = edited.map((path) => read(root, path))
  await expect(newPlugin(root, "tools-calculator", "tool")).rejects.toThrow(/is not empty: package.json/)
  await expect(newPlugin(root, "@me/units", "tool")).rejects.toThrow("give units alone")
  expect(edited.map((path) => read(root, path))).toEqual(before)
})
