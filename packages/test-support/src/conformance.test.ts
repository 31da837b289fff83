import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { contributionKinds, createRegistry } from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import { conformanceProblems, pluginFactory, pluginKeyword, readManifest } from "./conformance.ts"
import { sourceFlags } from "./processes.ts"
import { swirlIn } from "./swirl.ts"
import { temporaryFolder } from "./temporary-folder.ts"

const packages = fileURLToPath(new URL("../../", import.meta.url))
const names = readdirSync(packages)
const isPlugin = (name: string): boolean =>
  readManifest(join(packages, name)).keywords?.includes(pluginKeyword) ?? false
const plugins = names.filter(isPlugin)
const server = fileURLToPath(new URL("../../tools-mcp/test/server-child.ts", import.meta.url))
/** Of plugins that offer nothing without them; the command cannot know them, so these plugins are not official. */
const neededOptions: Readonly<Record<string, unknown>> = {
  "tools-mcp": { servers: { test: { command: process.execPath, args: [...sourceFlags, server, "stdio"] } } },
}

/** Make plugins of records, or of a test's own task, at run time; are none themselves. */
const makesPlugins = ["formats", "stages", "vitest"]

describe("every plugin package of the workspace", () => {
  test.each(plugins)("%s holds to what plugins hold to", async (name) => {
    expect(await conformanceProblems(join(packages, name), neededOptions[name])).toEqual([])
  })

  test("says so in its package.json: what defines a plugin is one", () => {
    const defines = names
      .filter((name) => !makesPlugins.includes(name))
      .filter((name) =>
        readdirSync(join(packages, name, "src"), { recursive: true, encoding: "utf8" })
          .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
          .some((file) =>
            /\bdefinePlugin\(\{\s*meta: \{/.test(readFileSync(join(packages, name, "src", file), "utf8")),
          ),
      )
    expect(plugins).toEqual(defines)
  })

  test("goes into one registry with all the others, every short name for one thing", async () => {
    const made = plugins.map(async (name) => {
      const factory = (await pluginFactory(join(packages, name))) as (options?: unknown) => unknown
      return factory(neededOptions[name])
    })
    const registry = createRegistry(await Promise.all(made))
    expect(registry.broken).toEqual([])
    expect(registry.plugins.map(({ meta }) => meta.name)).toEqual(plugins)
    for (const kind of contributionKinds) {
      for (const { name, fullName } of registry.list(kind)) {
        expect(registry.resolve(kind, name).fullName).toBe(fullName)
      }
    }
  })

  test("is one of the command's official plugins, unless it needs options", async () => {
    const { json } = await swirlIn(temporaryFolder())("list", "--json")
    const owners = json.entries.map(({ fullName }: { fullName: string }) => fullName.split("/")[0])
    expect([...new Set(owners)].sort()).toEqual(plugins.filter((name) => !(name in neededOptions)))
  })
})

describe("a package that does not hold to it is told", () => {
  const sound = `
    const meta = { name: "made-up", version: "1.2.3", apiVersion: 1 }
    const keep = { description: "keeps all", needs: [], keep: () => true }
    const plugin = (more) => ({ meta, filters: { keep }, ...more, [Symbol.for("swirl-ts.plugin")]: true })
  `
  const problems = (index: string, files: object = { "README.md": "" }) =>
    conformanceProblems(
      join(
        temporaryFolder({
          "made-up/package.json": { name: "made-up", version: "1.2.3", type: "module" },
          "made-up/src/index.ts": 'export { default } from "./plugin.ts"',
          "made-up/src/plugin.ts": sound + index,
          ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`made-up/${name}`, text])),
        }),
        "made-up",
      ),
    )

  test("a sound one has no problems", async () => {
    expect(await problems("export default () => plugin()")).toEqual([])
  })

  test.each([
    ["export default plugin()", ["its default export is not a factory, a function that gives the plugin"]],
    ["export const made = () => plugin()", ["its default export is not a factory, a function that gives the plugin"]],
    ["export default () => ({ meta })", [expect.stringContaining("not the result of definePlugin")]],
    [
      'export default () => plugin({ meta: { ...meta, name: "other" } })',
      ['its folder is made-up, its meta.name "other"'],
    ],
    [
      'export default () => plugin({ meta: { ...meta, version: "1.0.0" } })',
      ["its meta.version is 1.0.0, its package.json says 1.2.3"],
    ],
  ])("%s", async (index, expected) => {
    expect(await problems(index)).toEqual(expected)
  })

  test("by the files it lacks", async () => {
    expect(await problems("export default () => plugin()", {})).toEqual(["it has no README.md"])
    expect(
      await problems("export default () => plugin()", { "src/index.ts": `${sound}export default () => plugin()` }),
    ).toEqual(["it has no README.md", "its src/index.ts does more than re-export"])
  })
})
