/** Plugins by name or path, those that somebody else wrote with what is wrong in them, as the command meets them. */
import { existsSync } from "node:fs"
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A benchmark of one question; `fields` stand in place of its own. */
const plugin = (fields = "", meta = "apiVersion: 1"): string => `import { definePlugin } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "kit", version: "1.0.0", ${meta} },
  benchmarks: {
    cities: {
      description: "Capitals.", splits: ["test", "hard"], tools: [], primaryMetric: "exact",
      limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
      async *load() { yield { id: "test/0", question: "Capital of France?", answer: "Paris" } },
      prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
      score: (task, answer) => ({ exact: Number(answer === task.answer) }),
      ${fields}
    },
  },
})
`

const directory = temporaryFolder({
  "script.jsonl": '{"reply": "<answer>Paris</answer>"}',
  "kit.mjs": plugin(),
})
const swirl = swirlIn(directory)
const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text)
await mkdir(join(directory, "node_modules"))
for (const name of ["@swirl-ts", "zod"])
  await symlink(here(`../../../node_modules/${name}`), join(directory, "node_modules", name))

test("a split that a benchmark does not have is wrong usage, and no folder is made", async () => {
  const common = ["--plugin", "./kit.mjs", "--model", "script:script.jsonl", "--run", "none"]
  for (const [args, problem] of [
    [["eval", "cities", "--split", "hart"], 'no split "hart". Did you mean "hard"? It has test, hard.'],
    [["eval", "cities/other"], 'no split "other". It has test, hard.'],
    [["generate", "cities"], 'Benchmark kit/cities has no split "train". It has test, hard.'],
  ] as const) {
    const { code, stderr } = await swirl(...args, ...common)
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)])
  }
  expect(existsSync(join(directory, "none"))).toBe(false)
  expect((await swirl("eval", "cities/hard", ...common.slice(0, 4))).code).toBe(0)
}, 60_000)

test.each<[string, string, number]>([
  ["prompt: () => 'text',", "1 x error: Benchmark kit/cities: prompt gave no list of messages: it should be a list", 3],
  ["prompt: () => [{ role: 'user', content: 'text' }],", '"0.content" cannot be used: it should be a list', 3],
  ["prompt: () => boom(),", "1 x error: Benchmark kit/cities: prompt failed: boom is not defined", 3],
  [
    "tools: [{ name: 'search' }], corpus: () => ({ id: 'all' }),",
    "1 x error: Benchmark kit/cities: corpus gave no passages",
    3,
  ],
  ["load() { throw new Error('boom') },", "Benchmark kit/cities: load failed: boom", 1],
  ["load: () => undefined,", "Benchmark kit/cities: load gave undefined in place of tasks", 2],
  ["load: () => [],", "Split test of kit/cities has no tasks.", 2],
  ["load: () => [{ id: 1, question: '?' }],", 'number 1: its "id" is 1, which is no text', 2],
  ["load: () => [{ id: 'a', question: '?', answer: 1 }],", 'number 1: its "answer" is 1, which is no text', 2],
])(
  "a benchmark's mistake is told by its name: %s",
  async (fields, problem, exit) => {
    await write("wrong.mjs", plugin(fields))
    const args = ["--plugin", "./wrong.mjs", "--model", "script:script.jsonl", "--run", "wrong"]
    const { code, stdout, stderr } = await swirl("eval", "cities", ...args)
    expect(stdout + stderr).toContain(problem)
    expect(code).toBe(exit)
  },
  30_000,
)

test.each([
  ["syntax.ts", "const a = 1\nexport default { meta: {", /The plugin \.\/syntax\.ts could not be loaded: line \d/],
  ["throws.mjs", "const a = 1\nexport default a.b.c", /could not be loaded: line 2: Cannot read/],
  ["none.mjs", undefined, /The plugin \.\/none\.mjs could not be loaded: there is no such file\./],
  ["object.mjs", "export default { tools: {} }", /\.\/object\.mjs is not a usable plugin: it is not the result/],
  [
    "tolls.mjs",
    plugin("}}, tolls: { x: {"),
    /\.\/tolls\.mjs is not a usable plugin: "tolls" is no kind.*"tools".*\(plugin kit\)/,
  ],
  [
    "taken.mjs",
    plugin().replace('"kit"', '"trainer"'),
    /called trainer: version .* of trainer .* of \.\/taken\.mjs is left out/,
  ],
  ["old.mjs", plugin("", "apiVersion: 0"), /\.\/old\.mjs is not a usable plugin: it was made for plugin API 0/],
])(
  "a plugin named by --plugin that cannot be used is wrong usage: %s",
  async (name, text, problem) => {
    if (text !== undefined) await write(name, text)
    const { code, stderr } = await swirl("list", "--plugin", `./${name}`)
    expect([code, stderr]).toEqual([2, expect.stringMatching(problem)])
    expect(stderr).not.toContain("installed in")
  },
  30_000,
)

test("a stranger's tool, judge and filter of official short names break nothing official, and that is said once", async () => {
  await write(
    "stranger.mjs",
    `import { definePlugin } from "@swirl-ts/core"
const { benchmarks } = (await import("./kit.mjs")).default
const fails = () => { throw new Error("the stranger's") }
export default definePlugin({
  meta: { name: "stranger", version: "1.0.0", apiVersion: 1 },
  tools: { search: { description: "finds", inputSchema: { jsonSchema: { type: "object", properties: { q: { type: "string" } } } }, execute: () => "found" } },
  benchmarks: { own: { ...benchmarks.cities, tools: [{ name: "search" }] } },
  judges: { grounded: { description: "", create: fails } },
  filters: { process: { description: "", needs: [], keep: fails } },
  actionFormats: { tags: { name: "tags", description: "", requestTools: fails, parse: fails, write: fails, turn: fails, reply: fails, describe: fails } },
  models: { script: { description: "", open: fails } },
})`,
  )
  const stranger = ["--plugin", "./stranger.mjs"]
  const official = await swirl("show", "lookup", "--json")
  const beside = await swirl("show", "lookup", "--json", ...stranger)
  expect([beside.code, beside.json]).toEqual([0, official.json])
  expect(beside.stderr.split("\n").filter((line) => line.includes("is offered by"))).toEqual([
    expect.stringContaining(
      'The tool "search" is offered by tools-search/search and stranger/search (of ./stranger.mjs)',
    ),
    expect.stringMatching(/model "script"/),
    expect.stringMatching(/action format "tags"/),
    expect.stringMatching(/judge "grounded"/),
    expect.stringMatching(/filter "process"/),
  ])
  const { json } = await swirl("list", "--json", ...stranger)
  expect(json.notices).toHaveLength(5)
  expect((await swirl("list", "--json")).json).not.toHaveProperty("notices")
  expect((await swirl("show", "own", "--json", ...stranger)).json.tools).toMatchObject([{ description: "finds" }])
  const run = ["--model", "script:script.jsonl", "--run", "stranger", ...stranger, "--limit", "1"]
  expect((await swirl("generate", "lookup", ...run)).code).toBe(0)
  expect((await swirl("judge", "--run", "stranger", ...stranger)).code).toBe(0)
  expect((await swirl("filter", "--run", "stranger", ...stranger)).code).toBe(0)
  const own = await swirl("filter", "--run", "stranger", "--strategy", "stranger/process", ...stranger)
  expect(own.stderr).toContain("the stranger's")
}, 60_000)

test("a key of a config that nobody reads, and a value of another type, are wrong usage", async () => {
  for (const [text, problem] of [
    ["{ plugin: [] }", 'no "plugin". Did you mean "plugins"?'],
    ['{ defaults: { seed: "7" } }', '"defaults.seed" cannot be used: it should be a number, but is the text "7".'],
  ] as const) {
    await write("wrong.config.mjs", `export default ${text}`)
    const { code, stderr } = await swirl("list", "--config", "wrong.config.mjs")
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)])
  }
})

test("the benchmark of core's README runs by the commands beside it", async () => {
  const readme = await readFile(here("../../core/README.md"), "utf8")
  const [, code, commands] = /`capitals\.ts`:\n\n```ts\n(.*?)```\n\n```sh\n(.*?)```/s.exec(readme) ?? []
  const [echo, ...lines] = commands!.trim().split("\n")
  await write("capitals.ts", code!)
  await write("script.json", /'(.*)'/.exec(echo!)![1]!)
  const [show, evaluation] = lines.map((line) =>
    line
      .replace(/\s+#.*/, "")
      .split(" ")
      .slice(1),
  )
  expect((await swirl(...show!)).stdout).toContain("What is the capital of France?")
  const { code: exit, stdout } = await swirl(...evaluation!, "--json")
  expect([exit, JSON.parse(stdout).cells[0]]).toEqual([
    0,
    expect.objectContaining({ metric: "exact", accuracy: 0.5, n: 2 }),
  ])
}, 30_000)

test("the tool with a rule of its own of the judges' page is judged by that rule", async () => {
  const page = await readFile(here("../../../docs/packages/judges.md"), "utf8")
  await write("units.ts", /`units\.ts`:\n\n```ts\n(.*?)```/s.exec(page)![1]!)
  const field = `tools: [{ name: "tools-units/convert" }], splits: ["train"],
    limits: { toolCalls: 3, steps: 4, stepTokens: 64, trajectoryTokens: 1024 },`
  await write("trips.mjs", plugin(field).replace("Capital of France?", "How many kilometres are 3 miles?"))
  await write("trips.json", JSON.stringify(["<convert>7</convert>", "<convert>3</convert>", "<answer>4.8</answer>"]))
  const own = ["--plugin", "./units.ts", "--plugin", "./trips.mjs", "--run", "trips"]
  expect((await swirl("generate", "cities", "--model", "script:trips.json", ...own)).code).toBe(0)
  const { json } = await swirl("judge", ...own, "--json")
  expect(json).toMatchObject({ good: 2, bad: 1, unscored: 0 })
  const verdicts = (await readFile(join(directory, "trips", "verdicts.jsonl"), "utf8")).trim().split("\n")
  expect(verdicts.map((line) => JSON.parse(line).reason)).toEqual(
    expect.arrayContaining(["nobody gave 7", "3 was given"]),
  )
}, 60_000)

test("a third party's plugin adds a tool by path, and a broken one of a config's list takes nothing down", async () => {
  await write(
    "reverse.mjs",
    `import { definePlugin } from "@swirl-ts/core"
export default () => definePlugin({
  meta: { name: "reverse", version: "1.0.0", apiVersion: 1 },
  tools: { reverse: {
    description: "reverses a text",
    inputSchema: { "~standard": { version: 1, vendor: "by-hand", validate: (value) => ({ value }) } },
    tag: { name: "reverse", argument: "text" },
    execute: ({ text }) => [...text].reverse().join(""),
  } },
})`,
  )
  await write("old.config.mjs", `export default { plugins: [{ meta: { name: "old" } }] }`)
  const { code, stdout, stderr } = await swirl(
    "tool",
    "reverse",
    "abc",
    "--plugin",
    "./reverse.mjs",
    "--config",
    "old.config.mjs",
    "--json",
  )
  expect(JSON.parse(stdout)).toMatchObject({ output: "cba", isError: false })
  expect(stderr).toMatch(/Left out: old/)
  expect(code).toBe(0)
})

test("a third party's package is found from the working directory as an import would find it", async () => {
  const home = join(directory, "node_modules", "swirl-echo")
  await mkdir(home, { recursive: true })
  await writeFile(
    join(home, "package.json"),
    JSON.stringify({ name: "swirl-echo", version: "1.0.0", type: "module", exports: { ".": { import: "./echo.js" } } }),
  )
  await writeFile(
    join(home, "echo.js"),
    `import { definePlugin } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "echo", version: "1.0.0", apiVersion: 1 },
  tools: { echo: {
    description: "says it again",
    inputSchema: { "~standard": { version: 1, vendor: "by-hand", validate: (value) => ({ value }) } },
    tag: { name: "echo", argument: "text" },
    execute: ({ text }) => text,
  } },
})`,
  )
  const { code, stdout } = await swirl("tool", "echo", "abc", "--plugin", "swirl-echo", "--json")
  expect(JSON.parse(stdout)).toMatchObject({ output: "abc", isError: false })
  expect(code).toBe(0)
})

test("a package is resolved under the conditions of the process, as an import would be", async () => {
  const tool = (says: string) => plugin(`tools: [], description: "${says}",`).replace('"kit"', '"choosy"')
  const home = join(directory, "node_modules", "swirl-choosy")
  await mkdir(home)
  const exports = { ".": { mine: "./mine.js", default: "./plain.js" } }
  await writeFile(join(home, "package.json"), JSON.stringify({ name: "swirl-choosy", type: "module", exports }))
  for (const name of ["mine", "plain"]) await writeFile(join(home, `${name}.js`), tool(name))
  for (const [options, expected] of [
    ["--conditions=mine", "mine"],
    ["-C mine", "mine"],
    ["", "plain"],
  ] as const) {
    const list = swirlIn(directory, { NODE_OPTIONS: options })
    const { json } = await list("list", "benchmarks", "--plugin", "swirl-choosy", "--json")
    expect(json.entries.at(-1)).toMatchObject({ fullName: "choosy/cities", description: expected })
  }
}, 60_000)

test("every official plugin can be named by its package, and init writes a config that lists them all", async () => {
  const official: string[] = (await swirl("doctor", "--json")).json.plugins
  const packages = official.map((plugin) => `@swirl-ts/${plugin.split(" ")[0]}`)
  expect(packages).toEqual(
    expect.arrayContaining(["tools-calculator", "trainer", "runner"].map((name) => `@swirl-ts/${name}`)),
  )
  await write("none.config.mjs", "export default { plugins: [] }")
  const none = ["--config", "none.config.mjs"]
  expect((await swirl("doctor", ...none, "--json")).json.plugins).toEqual([])
  const named = await swirl("doctor", ...none, ...packages.flatMap((name) => ["--plugin", name]), "--json")
  expect(named.json.plugins).toEqual(official)
  const { path } = (await swirl("init", "--json")).json
  const listed = await swirl("doctor", "--json")
  expect([listed.json.config, listed.json.plugins]).toEqual([path, official])
}, 60_000)

test("a package's folder leads where its exports do; one that is not built, and one that is none, is told", async () => {
  const files = {
    "one/package.json": { name: "@me/one", type: "module", exports: { ".": { default: "./dist/index.js" } } },
    "one/dist/index.js": plugin(),
    "two/package.json": { name: "two", type: "module", exports: { ".": "./dist/index.js" } },
    "two/src/index.ts": plugin(),
    "three/package.json": { name: "three", type: "module", main: "plugin.js" },
    "three/plugin.js": plugin(),
    "four/notes.txt": "",
    "five/package.json": { name: "five", type: "module" },
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(directory, path, ".."), { recursive: true })
    await write(path, typeof content === "string" ? content : JSON.stringify(content))
  }
  for (const folder of ["./one", "./one/", "./three", join(directory, "one")]) {
    expect((await swirl("show", "kit/cities", "--plugin", folder)).stdout, folder).toContain("Capital of France?")
  }
  for (const [folder, problem] of [
    [
      "./two",
      /is not built: there is no dist.index\.js\. Run `npm run build` in .*two, or give its sources: \.\/two\/src/,
    ],
    ["./four", /it is a folder without a package\.json that can be read/],
    ["./five", /package\.json has neither exports nor a main that is there\./],
  ] as const) {
    const { code, stderr } = await swirl("list", "--plugin", folder)
    expect([code, stderr]).toEqual([2, expect.stringMatching(problem)])
  }
}, 60_000)
