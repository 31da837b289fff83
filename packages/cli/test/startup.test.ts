/** What a start loads: real processes that write down every module, and a plugin that says when it is made. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
const directory = temporaryFolder({
  "record.mjs": `import { appendFileSync } from "node:fs"
import { registerHooks } from "node:module"
registerHooks({ load: (url, context, next) => (appendFileSync("loaded.txt", url + "\\n"), next(url, context)) })`,
  "own.mjs": `import { definePlugin } from ${JSON.stringify(core)}
export default () => {
  process.stderr.write("own is made\\n")
  return definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion: 1 } })
}`,
  "swirl.config.mjs": `export default { get defaults() { process.stderr.write("defaults are read\\n"); return { strategy: "outcome" } } }`,
})
const recording = { NODE_OPTIONS: `--import=${pathToFileURL(join(directory, "record.mjs"))}` }

/** Packages of the workspace that a command loads. */
async function loadedBy(...args: string[]): Promise<Set<string>> {
  const folder = temporaryFolder({ "loaded.txt": "" })
  const { code } = await swirlIn(folder, recording)(...args)
  expect(code).toBe(0)
  const urls = readFileSync(join(folder, "loaded.txt"), "utf8")
  return new Set([...urls.matchAll(/packages\/([^/]+)\/src/g)].map(([, name]) => name!))
}
/** Official ones: `tools-mcp` offers nothing without servers. */
const plugins = readdirSync(new URL("../../", import.meta.url)).filter((name) =>
  /^(bench-(?!kit)|tools-(?!mcp))|^(embedders|judges|local|model-llama|models|trainer)$/.test(name),
)

test.each(["--help", "--version", "eval --help", "validate --schema swirl.run/1"])(
  "%s loads no plugin",
  async (args) => {
    const loaded = await loadedBy(...args.split(" "))
    expect(loaded).toContain("cli")
    expect(plugins.filter((name) => loaded.has(name))).toEqual([])
  },
)

test("a command that is named loads every official plugin, and of the other commands nothing", async () => {
  const loaded = await loadedBy("list")
  expect(plugins.filter((name) => !loaded.has(name))).toEqual([])
  for (const name of ["experiment", "report", "stages"]) expect(loaded).not.toContain(name)
})

test("a command makes its plugins once and reads its config once", async () => {
  const { stderr } = await swirlIn(directory)("filter", "--plugin", "./own.mjs", "--run", "nowhere")
  expect(stderr.match(/own is made/g)).toHaveLength(1)
  expect(stderr.match(/defaults are read/g)).toHaveLength(1)
  expect(stderr).toContain("holds no trajectories")
})
