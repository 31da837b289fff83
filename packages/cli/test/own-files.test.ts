/** Configs and plugins that people write, in folders of every kind of package: they are loaded, or a sentence says why not. */
import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { swirlCommand, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const commonjs = { type: "commonjs" }
const own = `import { definePlugin } from "@swirl-ts/cli"
export const own = definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion: 1 } })
export default own
`
const config = (file: string) => `import { defineConfig, official } from "@swirl-ts/cli"
import { own } from "./${file}"
export default defineConfig({ plugins: [...official(), own] })
`

test.each([
  ["no package.json", {}, "swirl.config.ts"],
  ["a package of modules", { "package.json": { type: "module" } }, "swirl.config.ts"],
  ["a package.json without a type", { "package.json": {} }, "swirl.config.mts"],
  ["what npm init -y writes", { "package.json": commonjs }, "swirl.config.mts"],
])(
  "init writes a config that works, and names no package but one: %s",
  async (_, files, name) => {
    const folder = temporaryFolder(files)
    const swirl = swirlIn(folder)
    const before = (await swirl("list")).stdout
    expect((await swirl("init", "--json")).json.path).toBe(join(folder, name))
    const after = await swirl("list")
    expect([after.stdout, after.stderr]).toEqual([before, ""])
    expect((await swirl("doctor", "--json")).json.config).toBe(join(folder, name))
    const again = await swirl("init")
    expect([again.code, again.stderr]).toEqual([2, `${join(folder, name)} exists already; it is left as it is.\n`])
  },
  30_000,
)

const asCommonJs = (file: string) =>
  `${file} is read as CommonJS, because FOLDER/package.json says "type": "commonjs". Let its name end in .mts, or write "type": "module" there.`

test.each([
  ["a plugin of modules in a CommonJS package", { "own.ts": own }, ["--plugin", "./own.ts"], asCommonJs("it")],
  ["imported by name", { "own.ts": own, "swirl.config.mts": config("own.ts") }, [], asCommonJs("own.ts")],
  [
    "an error in what a config imports",
    { "own.mts": "\nthrow new Error('boom')\nexport const own = 1", "swirl.config.mts": config("own.mts") },
    [],
    "own.mts, line 2: boom.",
  ],
  ["a syntax error", { "swirl.config.mjs": "\nexport default {{" }, [], "line 2: Unexpected token '{'."],
  ["a syntax error in types", { "swirl.config.mts": "\n\nexport default {{" }, [], "line 3: "],
  [
    "an option that cannot be",
    {
      "swirl.config.mjs": `import { official } from "@swirl-ts/cli"\nexport default { plugins: official({ serach: {} }) }`,
    },
    [],
    'line 2: There is no official plugin "serach" to give options to. Did you mean "search"?',
  ],
])(
  "what cannot be loaded is told with its file and line: %s",
  async (_, files, args, problem) => {
    const folder = temporaryFolder({ "package.json": commonjs, ...files })
    const { code, stderr } = await swirlIn(folder)("list", ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(`could not be loaded: ${problem.replace("FOLDER", folder)}`)
    expect(stderr.trimEnd().split("\n")).toHaveLength(1)
    const doctor = await swirlIn(folder)("doctor", ...args, "--json")
    expect([doctor.code, doctor.json.problems]).toEqual([1, [stderr.trimEnd()]])
    expect(doctor.json.plugins).toContain("judges 0.1.0")
  },
  30_000,
)

test("the doctor goes on where a config names what is not there, and where an installation lacks packages", async () => {
  const folder = temporaryFolder({
    "swirl.config.mjs": `export default { data: { nothing: "here" } }`,
    "lacking.mjs": `import { registerHooks } from "node:module"
registerHooks({ resolve(name, context, next) {
  if (/^(@streamparser.json|@tensorflow.tfjs-core)$/.test(name)) throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: "ERR_MODULE_NOT_FOUND" })
  return next(name, context)
} })`,
  })
  expect((await swirlIn(folder)("doctor", "--json")).json.problems).toEqual([
    expect.stringContaining('There is no benchmark "nothing".'),
  ])
  const lacking = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "lacking.mjs"))}` }
  const { code, stdout } = await swirlIn(folder, lacking)("doctor")
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^problem: The official plugins could not be loaded: Cannot find package '[^']+'. Install @swirl-ts\/cli again\.$/m,
  )
  expect(stdout).toMatch(/^problem: Local models and training are not there: Cannot find package '[^']+'\. Install/m)
  expect(stdout).toMatch(/^downloads and caches: /m)
}, 30_000)

test("a Node that is too old is told in one sentence, whatever is asked", async () => {
  const folder = temporaryFolder({ "package.json": { type: "module", engines: { node: ">=99.1" } } })
  mkdirSync(join(folder, "bin"))
  copyFileSync(swirlCommand, join(folder, "bin", "swirl.mjs"))
  const told = await new Promise((resolve) =>
    execFile(process.execPath, [join(folder, "bin", "swirl.mjs"), "doctor"], (error, stdout, stderr) =>
      resolve([error?.code, stdout, stderr]),
    ),
  )
  expect(told).toEqual([
    2,
    "",
    `swirl needs Node 99.1 or newer, this is ${process.version}; nodejs.org has the newest.\n`,
  ])
})
