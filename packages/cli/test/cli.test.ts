/** The command as people meet it: real processes in an empty folder, a scripted model, small official files. */
import { execFile, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const bin = fileURLToPath(new URL("../bin/swirl.mjs", import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
let directory: string

interface Finished {
  code: number
  out: string
  err: string
}

function swirl(...args: string[]): Promise<Finished> {
  const env = {
    ...process.env,
    SWIRL_CACHE: join(directory, "cache"),
    NODE_OPTIONS: "",
    HF_ENDPOINT: "http://127.0.0.1:9",
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, bin, ...args], { cwd: directory, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err })
    })
  })
}

const question = (name: string, a: number, b: number) =>
  `${name} has ${a} apples and buys ${b} more. How many apples does ${name} have?`
const rows = [
  ["Ann", 2, 3],
  ["Ben", 40, 2],
  ["Chi", 7, 8],
  ["Dan", 1, 1],
] as const

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "swirl-cli-"))
  await mkdir(join(directory, "data"))
  const file = rows.map(([name, a, b]) =>
    JSON.stringify({ question: question(name, a, b), answer: `It is <<${a}+${b}=${a + b}>>${a + b}.\n#### ${a + b}` }),
  )
  await writeFile(join(directory, "data", "test.jsonl"), `${file.join("\n")}\n`)
  await writeFile(join(directory, "data", "train.jsonl"), `${file.join("\n")}\n`)
  const script = [
    { match: "Ann has", replies: ["I add. <math_exp>2 + 3</math_exp>", "<answer>5</answer>"] },
    { match: "Ben has", replies: ["<math_exp>40 + 2</math_exp>", "<answer>41</answer>"] },
    { match: "Chi has", reply: "<answer>15</answer>" },
    { reply: "I cannot say" },
  ]
  await writeFile(join(directory, "script.jsonl"), script.map((entry) => JSON.stringify(entry)).join("\n"))
})
afterAll(() => rm(directory, { recursive: true }))

test("defaults of the config go before the command's own, flags before them", async () => {
  const folder = join(directory, "configured")
  await mkdir(folder)
  await writeFile(
    join(folder, "swirl.config.mjs"),
    'export default { defaults: { actionFormat: "native", model: "script:nowhere.jsonl", judge: "form" }, data: { gsm8k: "../data" } }',
  )
  const config = ["--config", join(folder, "swirl.config.mjs")]
  const shown = await swirl("show", "gsm8k", ...config, "--data", "data", "--json")
  const tags = await swirl("show", "gsm8k", ...config, "--data", "data", "--action-format", "tags", "--json")
  expect([shown.out.includes("<math_exp>"), tags.out.includes("<math_exp>")]).toEqual([false, true])
  const generated = await swirl("generate", "gsm8k", ...config, "--data", "data", "--run", "configured/run")
  expect([generated.code, generated.err]).toEqual([2, expect.stringContaining("nowhere.jsonl cannot be read")])
})

test("eval takes another split with references where --data lacks the benchmark's own, and says so", async () => {
  await mkdir(join(directory, "train-only"))
  await writeFile(
    join(directory, "train-only", "train.jsonl"),
    await readFile(join(directory, "data", "train.jsonl"), "utf8"),
  )
  const common = ["--data", "train-only", "--model", "script:script.jsonl", "--run", "train-only/run", "--json"]
  const { out, err, code } = await swirl("eval", "gsm8k", "--limit", "1", ...common)
  expect([code, JSON.parse(out).cells[0].split]).toEqual([0, "train"])
  expect(err).toContain("there is no test split in --data; its train split is taken.")
  const asked = await swirl("eval", "gsm8k/test", "--limit", "1", ...common)
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining("It holds train: ask for that")])
})

test("a document longer than a pipe holds arrives whole at a slow reader", async () => {
  const rows = Array.from({ length: 3000 }, (_, row) => ({ question: "q", answer: `#### ${row}` }))
  await writeFile(join(directory, "long.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"))
  const child = spawn(
    process.execPath,
    [...flags, bin, "score", "gsm8k", "--gold", "long.jsonl", "--predictions", "/dev/null", "--items", "--json"],
    { cwd: directory, stdio: ["ignore", "pipe", "ignore"] },
  )
  const ended = new Promise((resolve) => child.once("exit", resolve))
  await new Promise((resolve) => setTimeout(resolve, 3000))
  let text = ""
  for await (const piece of child.stdout.setEncoding("utf8")) text += piece
  expect(JSON.parse(text).items).toHaveLength(3000)
  expect(await ended).toBe(0)
})

describe.concurrent("usage", () => {
  test.each([
    [["demmo"], /no command "demmo"\. Did you mean "demo"\?/],
    [
      ["eval", "gsm9k", "--model", "script:script.jsonl", "--data", "data"],
      /no benchmark "gsm9k"\. Did you mean "gsm8k"\?/,
    ],
    [["eval", "gsm8k", "--model", "skript:x"], /no model provider "skript".*Did you mean "script"\?/],
    [["judge", "--judge", "grunded"], /no judge "grunded"\. Did you mean "grounded"\?/],
    [["generate", "gsm8k", "--limit", "many"], /whole number/],
    [["eval", "gsm8k", "--epochs", "0"], /--epochs.* 1 or more/],
    [["eval", "gsm8k", "--threshold", "70"], /--threshold.* from 0 to 1/],
    [["eval", "gsm8k", "--temperature", "-1"], /--temperature.* 0 or more/],
    [["eval", "gsm8k", "--ids", ""], /--ids.* one task at least/],
    [["validate", "nowhere.jsonl"], /There is no file .*nowhere\.jsonl\. Give a \.jsonl file/],
    [["search", "gsm8k", "x", "-k", "0"], /-k, --count.* 1 or more/],
    [["generate", "gsm8k", "--shard", "5/4"], /A shard is i\/n/],
    [
      ["score", "gsm8k", "--gold", "absent.jsonl", "--predictions", "absent.jsonl"],
      /gold file absent\.jsonl cannot be read/,
    ],
    [["filter", "--run", "nowhere"], /holds no trajectories\. Make some first/],
    [["list", "--plugin", "./absent.mjs"], /plugin \.\/absent\.mjs could not be loaded/],
  ])("%s is a sentence and exit code 2, without a stack trace", async (args, message) => {
    const { code, out, err } = await swirl(...args)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n\s+at /)
    expect(out).toBe("")
    expect(code).toBe(2)
  })
})

describe("the loop with a scripted model", () => {
  const common = ["--data", "data", "--run", "runs/one", "--json"]
  const model = ["--model", "script:script.jsonl"]

  test("generate, judge, filter, eval and report; run again, nothing is done twice", async () => {
    const made = await swirl("generate", "gsm8k", ...common, ...model, "--split", "train")
    expect(made.code).toBe(0)
    expect(JSON.parse(made.out)).toMatchObject({ trajectories: 4, reused: 0, answered: 3, stepLimit: 1, errors: 0 })
    const again = await swirl("generate", "gsm8k", ...common, ...model, "--split", "train")
    expect(JSON.parse(again.out)).toMatchObject({ trajectories: 4, reused: 4 })

    const judged = JSON.parse((await swirl("judge", ...common)).out)
    expect(judged.judged).toBe(judged.good + judged.bad)
    const kept = JSON.parse((await swirl("filter", ...common)).out)
    expect(kept).toMatchObject({ total: 4, kept: 1, keptRight: 1, unscored: 0 })

    const evaluated = JSON.parse((await swirl("eval", "gsm8k", ...common, ...model)).out)
    expect(evaluated.cells[0]).toMatchObject({ accuracy: 0.5, n: 4, answered: 3, limit: 1, errors: 0, unscored: 0 })
    const { report } = JSON.parse((await swirl("report", ...common.slice(2))).out)
    expect(await readFile(report, "utf8")).toMatch(/^<!doctype html>/i)
  }, 60_000)

  test("other settings in the same folder are refused, naming the field", async () => {
    const { code, err } = await swirl(
      "generate",
      "gsm8k",
      ...common,
      ...model,
      "--split",
      "train",
      "--temperature",
      "0.5",
    )
    expect(code).toBe(2)
    expect(err).toMatch(/temperature was 1 and is 0\.5 now/)
  })

  test("a start that failed binds nobody: the corrected command runs in the same folder", async () => {
    const run = ["--run", "runs/corrected", "--json", ...model]
    for (const command of [
      ["generate", "--split", "train"],
      ["eval", "--split", "test"],
    ]) {
      const [name = "", ...split] = command
      const failed = await swirl(name, "gsm8k", ...split, ...run, "--data", "absent")
      expect(failed.err).toMatch(/no file or folder .*absent/)
      expect((await swirl(name, "gsm8k", ...split, ...run, "--data", "data")).err).not.toMatch(/other settings/)
      expect((await swirl(name, "gsm8k", ...split, ...run, "--data", "data/test.jsonl")).err).toMatch(/other settings/)
    }
  }, 60_000)

  test("several benchmarks: a file that is missing is found before the first is evaluated", async () => {
    const { err } = await swirl(
      "eval",
      "gsm8k",
      "musique",
      "--run",
      "runs/early",
      ...model,
      "--data",
      "gsm8k=data",
      "--data",
      "musique=absent",
    )
    expect(err).toMatch(/no file or folder .*absent/)
    expect(existsSync(join(directory, "runs/early"))).toBe(false)
  })

  test("a score below the threshold is exit code 100", async () => {
    expect((await swirl("eval", "gsm8k", ...common, ...model, "--threshold", "0.9")).code).toBe(100)
  })
})

test("score says on standard error which questions have no prediction, and leaves the numbers alone", async () => {
  await writeFile(
    join(directory, "gold.json"),
    JSON.stringify([
      { _id: "a", answer: "Rome" },
      { _id: "b", answer: "Oslo" },
    ]),
  )
  await writeFile(join(directory, "predictions.json"), JSON.stringify({ answer: { a: "Rome", c: "x" } }))
  const { code, out, err } = await swirl(
    "score",
    "hotpotqa",
    "--gold",
    "gold.json",
    "--predictions",
    "predictions.json",
    "--json",
  )
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ metrics: { em: 0.5, f1: 0.5, prec: 0.5, recall: 0.5 } })
  expect(err).toMatch(/1 of 2 gold questions have a prediction; the others score 0/)
  expect(err).toMatch(/1 of 2 predictions name no gold question: "c"/)
})

test("a broken data file is named with its line, and nothing is written", async () => {
  await writeFile(
    join(directory, "broken.jsonl"),
    `${JSON.stringify({ question: "q", answer: "#### 1" })}\n{"question": "torn`,
  )
  const { code, err } = await swirl(
    "eval",
    "gsm8k",
    "--data",
    "broken.jsonl",
    "--model",
    "script:script.jsonl",
    "--run",
    "runs/broken",
  )
  expect(code).toBe(1)
  expect(err).toMatch(/broken\.jsonl.*\b2\b/)
  expect(existsSync(join(directory, "runs/broken"))).toBe(false)
})

test("an unreadable checkpoint is named with what is wrong", async () => {
  await mkdir(join(directory, "checkpoint"))
  await writeFile(join(directory, "checkpoint", "config.json"), "{")
  const { code, err } = await swirl(
    "generate",
    "calc",
    "--limit",
    "1",
    "--model",
    "local:checkpoint",
    "--run",
    "runs/x",
  )
  expect(code).not.toBe(0)
  expect(err).toMatch(/checkpoint\/(config|tokenizer)\.json/)
  expect(err).not.toMatch(/\n\s+at /)
})

test("a third party's plugin adds a tool by path, and a broken one of a config's list takes nothing down", async () => {
  const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
  await writeFile(
    join(directory, "reverse.mjs"),
    `import { definePlugin } from ${JSON.stringify(core)}
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
  await writeFile(join(directory, "old.config.mjs"), `export default { plugins: [{ meta: { name: "old" } }] }`)
  const { code, out, err } = await swirl(
    "tool",
    "reverse",
    "abc",
    "--plugin",
    "./reverse.mjs",
    "--config",
    "old.config.mjs",
    "--json",
  )
  expect(JSON.parse(out)).toMatchObject({ output: "cba", isError: false })
  expect(err).toMatch(/Left out: old/)
  expect(code).toBe(0)
})

test("a third party's package is found from the working directory as an import would find it", async () => {
  const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
  const home = join(directory, "node_modules", "swirl-echo")
  await mkdir(home, { recursive: true })
  await writeFile(
    join(home, "package.json"),
    JSON.stringify({ name: "swirl-echo", version: "1.0.0", type: "module", exports: { ".": { import: "./echo.js" } } }),
  )
  await writeFile(
    join(home, "echo.js"),
    `import { definePlugin } from ${JSON.stringify(core)}
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
  const { code, out } = await swirl("tool", "echo", "abc", "--plugin", "swirl-echo", "--json")
  expect(JSON.parse(out)).toMatchObject({ output: "abc", isError: false })
  expect(code).toBe(0)
})

test("--json puts one document on standard output, everything else on standard error", async () => {
  const { out, err } = await swirl(
    "generate",
    "gsm8k",
    "--data",
    "data",
    "--model",
    "script:script.jsonl",
    "--run",
    "runs/two",
    "--json",
  )
  expect(() => JSON.parse(out)).not.toThrow()
  expect(err).toMatch(/generate gsm8k/)
})
