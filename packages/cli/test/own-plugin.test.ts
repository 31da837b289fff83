/** Plugins that somebody else wrote, with what is wrong in them, as the command meets them. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
let directory: string

const swirl = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, SWIRL_CACHE: join(directory, "cache"), NODE_OPTIONS: "" }
    execFile(
      process.execPath,
      [...flags, here("../bin/swirl.mjs"), ...args],
      { cwd: directory, env },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    )
  })

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
const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text)

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "swirl-own-"))
  await mkdir(join(directory, "node_modules"))
  await symlink(here("../../../node_modules/@swirl-ts"), join(directory, "node_modules", "@swirl-ts"))
  await write("script.jsonl", '{"reply": "<answer>Paris</answer>"}')
  await write("kit.mjs", plugin())
})
afterAll(() => rm(directory, { recursive: true }))

test("a split that a benchmark does not have is wrong usage, and no folder is made", async () => {
  const common = ["--plugin", "./kit.mjs", "--model", "script:script.jsonl", "--run", "none"]
  for (const [args, problem] of [
    [["eval", "cities", "--split", "hart"], 'no split "hart". Did you mean "hard"? It has test, hard.'],
    [["eval", "cities/other"], 'no split "other". It has test, hard.'],
    [["generate", "cities"], 'Benchmark kit/cities has no split "train". It has test, hard.'],
  ] as const) {
    const { code, err } = await swirl(...args, ...common)
    expect([code, err]).toEqual([2, expect.stringContaining(problem)])
  }
  expect(existsSync(join(directory, "none"))).toBe(false)
  expect((await swirl("eval", "cities/hard", ...common.slice(0, 4))).code).toBe(0)
}, 60_000)

test.each([
  ["prompt: () => 'text',", "Benchmark kit/cities: prompt gave no list of messages: it should be a list"],
  ["prompt: () => [{ role: 'user', content: 'text' }],", '"0.content" cannot be used: it should be a list'],
  ["prompt: () => boom(),", "1 x error: Benchmark kit/cities: prompt failed: boom is not defined"],
  ["load() { throw new Error('boom') },", "Benchmark kit/cities: load failed: boom"],
  ["tools: [{ name: 'search' }], corpus: () => ({ id: 'all' }),", "Benchmark kit/cities: corpus gave no passages"],
])(
  "a benchmark's mistake is told by its name: %s",
  async (fields, problem) => {
    await write("wrong.mjs", plugin(fields))
    const args = ["--plugin", "./wrong.mjs", "--model", "script:script.jsonl", "--run", "wrong"]
    const { code, out, err } = await swirl("eval", "cities", ...args)
    expect(out + err).toContain(problem)
    expect(code).toBe(problem.startsWith("1 x") ? 3 : 1)
  },
  30_000,
)

test.each([
  ["syntax.ts", "const a = 1\nexport default { meta: {", /The plugin \.\/syntax\.ts could not be loaded: line \d/],
  ["throws.mjs", "const a = 1\nexport default a.b.c", /could not be loaded: line 2: Cannot read/],
  ["none.mjs", undefined, /The plugin \.\/none\.mjs could not be loaded: there is no such file\./],
  ["object.mjs", "export default { tools: {} }", /\.\/object\.mjs is not a usable plugin: it is not the result/],
  ["old.mjs", plugin("", "apiVersion: 0"), /\.\/old\.mjs is not a usable plugin: it was made for plugin API 0/],
])(
  "a plugin named by --plugin that cannot be used is wrong usage: %s",
  async (name, text, problem) => {
    if (text !== undefined) await write(name, text)
    const { code, err } = await swirl("list", "--plugin", `./${name}`)
    expect([code, err]).toEqual([2, expect.stringMatching(problem)])
    expect(err).not.toContain("installed in")
  },
  30_000,
)

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
  expect((await swirl(...show!)).out).toContain("What is the capital of France?")
  const { code: exit, out } = await swirl(...evaluation!, "--json")
  expect([exit, JSON.parse(out).cells[0]]).toEqual([
    0,
    expect.objectContaining({ metric: "exact", accuracy: 0.5, n: 2 }),
  ])
}, 30_000)
