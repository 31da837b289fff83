/** `swirl data` as people meet it: real processes over small official files. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"

const bin = fileURLToPath(new URL("../bin/swirl.mjs", import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
let directory: string

function data(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, SWIRL_CACHE: join(directory, "cache"), NODE_OPTIONS: "" }
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, bin, "data", ...args], { cwd: directory, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err })
    })
  })
}

const paragraph = (idx: number, title: string, supports = false, text = `${title} is told of.`) => ({
  idx,
  title,
  paragraph_text: text,
  is_supporting: supports,
})
const musique = (id: string) => ({
  id,
  question: `Who wed the singer of ${id}?`,
  paragraphs: [paragraph(0, `Song ${id}`, true), paragraph(1, `Singer ${id}`, true), paragraph(2, `Noise ${id}`)],
  question_decomposition: [
    { id: 1, question: `${id} >> singer`, answer: `Singer ${id}`, paragraph_support_idx: 0 },
    { id: 2, question: "#1 >> spouse", answer: `Spouse ${id}`, paragraph_support_idx: 1 },
  ],
  answer: `Spouse ${id}`,
  answer_aliases: [],
  answerable: true,
})
const lines = (records: readonly unknown[]) => records.map((one) => `${JSON.stringify(one)}\n`).join("")
async function write(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(directory, name)), { recursive: true })
  await writeFile(join(directory, name), content)
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "swirl-data-"))
  await write("musique.jsonl", lines("abcdefgh".split("").map(musique)))
})
afterAll(() => rm(directory, { recursive: true }))

test("synthetic twins are drawn by --seed: the same seed gives the same file, another another, none is 0", async () => {
  const twins = async (...seed: string[]) => {
    const { code, err } = await data("musique", "--data", "musique.jsonl", "--synthetic-full", "twins.jsonl", ...seed)
    expect([code, err]).toEqual([0, ""])
    return readFile(join(directory, "twins.jsonl"), "utf8")
  }
  const third = await twins("--seed", "3")
  expect(await twins("--seed", "3")).toBe(third)
  const plain = await twins()
  expect(plain).not.toBe(third)
  expect(await twins("--seed", "0")).toBe(plain)
}, 60_000)
