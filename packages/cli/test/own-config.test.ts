/** A config that is written wrong, and paths that cannot be used: each is a sentence that says what to write, and wrong usage. */
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const own = `import { definePlugin } from "@swirl-ts/core"
const tools = { ask: { description: "a", inputSchema: { type: "object" }, execute: () => "fine" } }
const make = (apiVersion) => definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion }, tools })
const own = make(1)
function official() { return [own] }
`
const directory = temporaryFolder({ "config.json": "{}", "script.json": '["<answer>1</answer>"]', file: "" })
const swirl = swirlIn(directory)
await mkdir(join(directory, "node_modules"))
const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
await symlink(packages, join(directory, "node_modules", "@swirl-ts"))
await symlink("loop", join(directory, "loop"))

test.each([
  [
    "() => ({ plugins: [own] })",
    "exports a function as default, where it should export the object itself. End it with",
  ],
  [
    "Promise.resolve({ plugins: [own] })",
    "exports a promise as default, where it should export the object (put `await`",
  ],
  ["5", "exports 5 as default, where it should export an object. End it with `export default defineConfig("],
])(
  "a config whose default export is no object says what it is: %s",
  async (exported, said) => {
    await writeFile(join(directory, "wrong.config.mjs"), `${own}export default ${exported}`)
    const { code, stderr } = await swirl("list", "--config", "wrong.config.mjs")
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  },
  30_000,
)

test("what of a config's plugins was left out is said with --quiet too, once by its place, with what to write", async () => {
  const plugins = "[own, official(), official, () => own, make('1')]"
  await writeFile(join(directory, "left.config.mjs"), `${own}export default { plugins: ${plugins} }`)
  const { code, stderr } = await swirl("list", "tools", "--quiet", "--config", "left.config.mjs")
  expect([code, stderr.trimEnd().split("\n")]).toEqual([
    0,
    [
      "Left out: plugin 2 of the config is not a usable plugin: it is a list: write `...` before it, as in `plugins: [...official(), own]`",
      "Left out: plugin 3 of the config is not a usable plugin: it is a function, not the plugin that it makes: call it, as in `plugins: [...official()]`",
      "Left out: plugin 4 of the config is not a usable plugin: it is a function, not the plugin that it makes: call it, as in `plugins: [own()]`",
      'Left out: own is not a usable plugin: meta.apiVersion is a text, "1"; it has to be the number 1',
    ],
  ])
}, 30_000)

test.each([
  [
    ["eval", "own/asking", "--model", "script:script.json"],
    'There is no model provider "script" (from "script:script.json").',
  ],
  [["judge", "--judge", "grounded", "--run", "runs/none"], 'There is no judge "grounded".'],
  [["tool", "calculator", "1"], undefined],
])(
  "where no plugin offers anything of a kind, the official ones are named: %j",
  async (args, said) => {
    const bench = `{ asking: {
    description: "Asks.", splits: ["test"], tools: [], primaryMetric: "exact",
    limits: { toolCalls: 1, steps: 2, stepTokens: 64, trajectoryTokens: 5000 },
    load: () => [{ id: "0", question: "Well?", answer: "yes" }], prompt: () => [], score: () => ({ exact: 1 }),
  } }`
    const plugins = `[{ ...own, benchmarks: ${bench} }]`
    await writeFile(join(directory, "alone.config.mjs"), `${own}export default { plugins: ${plugins} }`)
    const { code, stderr } = await swirl(...args, "--config", "alone.config.mjs")
    const hint = "a config without `...official()` among its plugins has none of swirl's own."
    expect(code).toBe(2)
    if (said) expect(stderr).toContain(`${said} No plugin that is loaded offers any: ${hint}`)
    // There is a tool, which is named instead.
    else expect(stderr).not.toContain(hint)
  },
  30_000,
)

const run = ["eval", "gsm8k", "--model", "script:script.json", "--run"]
test.each([
  [
    ["list", "--config", "config.json"],
    'its name ends in ".json", and it has to be a module: a .ts, .mts, .js or .mjs file',
  ],
  [["list", "--plugin", "./config.json"], 'its name ends in ".json", and it has to be a module'],
  [[...run, ""], "option '--run <directory>' argument '' is invalid. It is empty; give a path."],
  [[...run, "file"], "file"],
  [[...run, "loop"], "it is a link that leads back to itself. Remove it or use another path."],
  [["list", "--config", ""], "It is empty; give a path."],
  [["data", "gsm8k", "--data", "gsm8k="], "--data gsm8k= names no path."],
])(
  "%j is wrong usage, in a sentence",
  async (args, said) => {
    const { code, stderr } = await swirl(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
    expect(stderr).not.toContain("unexpected")
  },
  30_000,
)
