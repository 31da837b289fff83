/** How the command is called, and what it says of a call that is wrong: real processes. */
import { spawn } from "node:child_process"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { jsonLines, sourceFlags, swirlCommand, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"

const tasks = jsonLines([{ question: "How many are 2 and 3?", answer: "It is <<2+3=5>>5.\n#### 5" }])
const directory = temporaryFolder({
  "data/test.jsonl": tasks,
  "data/train.jsonl": tasks,
  "script.jsonl": jsonLines([{ reply: "<answer>5</answer>" }]),
})
const swirl = swirlIn(directory)

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
    [["report", "--run", "nowhere"], /There is no run folder .*nowhere/],
    [["validate", "nowhere.jsonl"], /There is no .*nowhere\.jsonl\. Give a run folder or a file/],
    [["search", "gsm8k", "x", "-k", "0"], /-k, --count.* 1 or more/],
    [["generate", "gsm8k", "--shard", "5/4"], /A shard is i\/n/],
    [
      ["score", "gsm8k", "--gold", "absent.jsonl", "--predictions", "absent.jsonl"],
      /gold file absent\.jsonl cannot be read/,
    ],
    [["filter", "--run", "nowhere"], /holds no trajectories\. Make some first/],
    [["list", "--plugin", "./absent.mjs"], /plugin \.\/absent\.mjs could not be loaded/],
  ])("%s is a sentence and exit code 2, without a stack trace", async (args, message) => {
    const { code, stdout, stderr } = await swirl(...args)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe("")
    expect(code).toBe(2)
  })
})

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
  expect([shown.stdout.includes("<math_exp>"), tags.stdout.includes("<math_exp>")]).toEqual([false, true])
  const generated = await swirl("generate", "gsm8k", ...config, "--data", "data", "--run", "configured/run")
  expect([generated.code, generated.stderr]).toEqual([2, expect.stringContaining("nowhere.jsonl cannot be read")])
})

test("a reader of standard error that goes away stops no work", async () => {
  const child = spawn(
    process.execPath,
    [
      ...sourceFlags,
      swirlCommand,
      "generate",
      "gsm8k",
      "--data",
      "data",
      "--model",
      "script:script.jsonl",
      "--run",
      "unheard",
    ],
    { cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
  )
  child.stderr.destroy()
  let text = ""
  for await (const piece of child.stdout.setEncoding("utf8")) text += piece
  expect(text).toContain("1 trajectories")
  expect(child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve)))).toBe(0)
})

test("a document longer than a pipe holds arrives whole at a slow reader", async () => {
  const rows = Array.from({ length: 3000 }, (_, row) => ({ question: "q", answer: `#### ${row}` }))
  await writeFile(join(directory, "long.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"))
  const child = spawn(
    process.execPath,
    [
      ...sourceFlags,
      swirlCommand,
      "score",
      "gsm8k",
      "--gold",
      "long.jsonl",
      "--predictions",
      "/dev/null",
      "--items",
      "--json",
    ],
    { cwd: directory, stdio: ["ignore", "pipe", "ignore"] },
  )
  const ended = new Promise((resolve) => child.once("exit", resolve))
  await new Promise((resolve) => setTimeout(resolve, 3000))
  let text = ""
  for await (const piece of child.stdout.setEncoding("utf8")) text += piece
  expect(JSON.parse(text).items).toHaveLength(3000)
  expect(await ended).toBe(0)
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
  const { code, stdout, stderr } = await swirl(
    "score",
    "hotpotqa",
    "--gold",
    "gold.json",
    "--predictions",
    "predictions.json",
    "--json",
  )
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ metrics: { em: 0.5, f1: 0.5, prec: 0.5, recall: 0.5 } })
  expect(stderr).toMatch(/1 of 2 gold questions have a prediction; the others score 0/)
  expect(stderr).toMatch(/1 of 2 predictions name no gold question: "c"/)
})
