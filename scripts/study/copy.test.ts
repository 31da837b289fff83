/** Copies of studies: every figure is recomputed from them, they hold nothing of this machine, and a page says what they say. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { check } from "../recount/check.ts"
import { madeUpExperiment } from "../recount/made-up.ts"
import { copyStudy } from "./copy.ts"
import { differenceOf, fillPage, pagesOf } from "./page.ts"

const checked = (directory: string): { code: number; text: string } => {
  const lines: string[] = []
  return { code: check(directory, (line) => void lines.push(line)), text: lines.join("\n") }
}

test("every figure is recomputed from a copy as from the folder, and one that is another is found", {
  timeout: 120_000,
}, async () => {
  const folder = await madeUpExperiment(1)
  const path = join(folder, "base", "run.json")
  const run = JSON.parse(readFileSync(path, "utf8"))
  writeFileSync(path, JSON.stringify({ ...run, machine: { host: hostname(), processors: 2 } }))
  writeFileSync(join(folder, "base", "responses.jsonl"), "{}\n")
  const to = join(temporaryFolder(), "studies", "made-up")
  const { files, bytes } = copyStudy(folder, to)
  expect(files).toBeGreaterThan(20)
  expect(bytes).toBeLessThan(300_000)
  const original = checked(folder).text
  expect(checked(to)).toEqual({ code: 0, text: original })
  expect(existsSync(join(to, "base", "responses.jsonl.gz"))).toBe(false)
  expect(JSON.parse(readFileSync(join(to, "base", "run.json"), "utf8")).machine).toEqual({ processors: 2 })
  const document = join(to, "matrix.json")
  writeFileSync(document, readFileSync(document, "utf8").replace(/"wellFormed": 0\.\d/, '"wellFormed": 0.0'))
  expect(checked(to)).toMatchObject({ code: 1, text: expect.stringMatching(/^DIFFERENT .* protocol wellFormed: /m) })
})

test("token ids and log-probabilities of evaluations are left out, those of trajectories to train on stay", async () => {
  const folder = await madeUpExperiment(2, { extent: "begun" })
  const step = { index: 0, kind: "answer", text: "é", finishReason: "stop" }
  const ids = { tokenIds: [1, 2], contextTokenIds: [3], logProbabilities: [-0.1, -0.2] }
  const line = `${JSON.stringify({ id: "a", steps: [{ ...step, ...ids }] })}\n`
  const evaluated = join("base", "eval", "policy", "made-up-right.trajectories.jsonl")
  for (const path of ["trajectories.jsonl", evaluated]) writeFileSync(join(folder, path), line)
  const to = join(temporaryFolder(), "copy")
  copyStudy(folder, to)
  const copied = (path: string) => gunzipSync(readFileSync(join(to, `${path}.gz`))).toString("utf8")
  expect(JSON.parse(copied(evaluated))).toEqual({ id: "a", steps: [step] })
  expect(copied("trajectories.jsonl")).toBe(line)
})

test("paths become names, and where one would stay nothing is copied", async () => {
  const folder = await madeUpExperiment(3, { extent: "begun" })
  const path = join(folder, "base", "run.json")
  const run = JSON.parse(readFileSync(path, "utf8"))
  const stage = Object.keys(run.spec)[0]!
  const away = { ...run.spec[stage], dataPath: "/elsewhere/data/gsm8k", model: "local:/elsewhere/models/a.gguf" }
  const own = { model: `local:${join(folder, "seed-1", "first", "checkpoints", "2")}` }
  writeFileSync(path, JSON.stringify({ ...run, spec: { ...run.spec, [stage]: away, own } }))
  const to = join(temporaryFolder(), "copy")
  copyStudy(folder, to)
  const { [stage]: told, own: mine } = JSON.parse(readFileSync(join(to, "base", "run.json"), "utf8")).spec
  expect([told.dataPath, told.model]).toEqual(["gsm8k", "local:a.gguf"])
  expect(mine.model).toBe("local:seed-1/first/checkpoints/2")
  writeFileSync(path, JSON.stringify({ ...run, note: "/somewhere/of/mine" }))
  expect(() => copyStudy(folder, to)).toThrow("base/run.json would say the path /somewhere/of/mine of this machine")
  expect(existsSync(to)).toBe(false)
})

test("a page says what the study's tables say, and a figure that was changed by hand is found", async () => {
  const folder = await madeUpExperiment(4)
  const docs = temporaryFolder({
    "one.md": "# One\n\n<!-- studies/x:begin -->\n<!-- studies/x:end -->\n\nAfter.\n",
    "other.md": "nothing",
  })
  const [page, ...others] = pagesOf(docs, "studies/x")
  expect([page, others]).toEqual([join(docs, "one.md"), []])
  expect(differenceOf(page!, "studies/x", folder)).toMatch(/^DIFFERENT .*one\.md: it says "", and /)
  fillPage(page!, "studies/x", folder)
  fillPage(page!, "studies/x", folder)
  expect(differenceOf(page!, "studies/x", folder)).toBeUndefined()
  const text = readFileSync(page!, "utf8")
  expect(text).toMatch(/^# One\n\n<!-- studies\/x:begin -->\n[^#]*### [\s\S]*<!-- studies\/x:end -->\n\nAfter\.\n$/)
  writeFileSync(page!, text.replace(/\+(\d)/, "−$1"))
  expect(differenceOf(page!, "studies/x", folder)).toMatch(/^DIFFERENT .*matrix\.md /)
  expect(readdirSync(docs)).toHaveLength(2)
})
