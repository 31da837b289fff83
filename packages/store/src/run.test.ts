import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { isSwirlError } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { policySlug, runPaths } from "./paths.ts"
import { checkRun, openRun, readRun } from "./run.ts"

it("keeps the settings of every stage that ran in the folder", async () => {
  const folder = temporaryFolder()
  const run = await openRun(folder, { spec: { generate: { model: "nano", seed: 0 } }, digests: { prompt: "abc" } })
  await run.register({ "eval/nano/gsm8k": { model: "nano", seed: 1 } })
  await run.close()
  const again = await openRun(folder)
  expect(again.record.spec).toEqual({
    generate: { model: "nano", seed: 0 },
    "eval/nano/gsm8k": { model: "nano", seed: 1 },
  })
  expect(again.record.digests).toEqual({ "generate: prompt": "abc" })
  expect(again.record.id).toBe(run.record.id)
  await again.close()
})

it("refuses the same stage with other settings, names the fields, and frees the folder", async () => {
  const folder = temporaryFolder()
  await (await openRun(folder, { spec: { generate: { model: "nano", seed: 0, top: { k: 1 } } } })).close()
  const before = await readFile(join(folder, "run.json"), "utf8")
  const error = await openRun(folder, { spec: { generate: { model: "other", top: { k: 1 } } } }).catch(
    (e: unknown) => e,
  )
  expect(isSwirlError(error) && error.kind).toBe("usage")
  expect(String(error)).toContain('model was "nano" and is "other" now; seed was 0 and is not set now')
  expect(String(error)).toContain("--run")
  expect(String(error)).not.toContain("top")
  expect(await readFile(join(folder, "run.json"), "utf8")).toBe(before)
  expect(await readdir(folder)).toEqual(["run.json"])
})

it("removes what a killed writer left beside its files", async () => {
  const left = ".trajectories.jsonl.4194999.0123abcd.tmp"
  const folder = temporaryFolder({ [left]: "{", "trajectories.jsonl": "" })
  const run = await openRun(folder, { spec: { generate: {} } })
  await run.close()
  expect((await readdir(folder)).sort()).toEqual(["run.json", "trajectories.jsonl"])
})

it("lets settings change that only say how much is done", async () => {
  const folder = temporaryFolder()
  await (await openRun(folder, { spec: { generate: { model: "nano", limit: 10 } } })).close()
  const run = await openRun(folder, { spec: { generate: { model: "nano", limit: 20, samples: 3 } } })
  expect(run.record.spec).toEqual({ generate: { model: "nano", limit: 20, samples: 3 } })
  await run.close()
})

it("refuses a stage whose data, prompt or tools changed since", async () => {
  const folder = temporaryFolder()
  const spec = { generate: { model: "nano" } }
  await (await openRun(folder, { spec, digests: { dataset: "aaa" } })).close()
  await expect(openRun(folder, { spec, digests: { dataset: "bbb" } })).rejects.toThrow("dataset was aaa and is bbb now")
})

it("takes other settings of a stage that has no record yet, and of no other", async () => {
  const folder = temporaryFolder()
  const run = await openRun(folder, { spec: { generate: { dataPath: "/wrong" } }, digests: { limits: "1" } })
  const corrected = { generate: { dataPath: "/right" } }
  const limits = { digests: { limits: "2" } }
  await expect(run.register(corrected, { ...limits, hasRecords: async () => true })).rejects.toThrow(
    'dataPath was "/wrong"',
  )
  expect((await readRun(folder))?.spec).toEqual({ generate: { dataPath: "/wrong" } })
  await run.register(corrected, { ...limits, hasRecords: async () => false })
  expect((await readRun(folder))?.spec).toEqual(corrected)
  expect((await readRun(folder))?.digests).toEqual({ "generate: limits": "2" })
  await run.close()
})

it("gives the same hash for the same settings in another order", async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  const one = await openRun(first, { spec: { a: { x: 1, y: 2 }, b: {} } })
  const two = await openRun(second, { spec: { b: {}, a: { y: 2, x: 1 } } })
  expect(one.record.specHash).toBe(two.record.specHash)
  await one.close()
  await two.close()
})

it("says so when run.json cannot be read, and has none in an empty folder", async () => {
  const folder = temporaryFolder()
  expect(await readRun(folder)).toBeUndefined()
  await writeFile(join(folder, "run.json"), "{")
  await expect(openRun(folder)).rejects.toThrow("run.json is not a record that can be read")
})

it("keeps the files of two weights under one model string apart, and every name inside the folder", () => {
  const [a, b] = [{ identity: "a" }, { identity: "b" }]
  expect(policySlug("local:./My Model", a)).toMatch(/^local-my-model-[0-9a-f]{8}$/)
  expect(policySlug("local:./My Model", a)).not.toBe(policySlug("local:./My Model", b))
  const paths = runPaths("/runs/x")
  expect(paths.evaluation("nano-01234567", "bench-gsm8k/gsm8k").samples).toBe(
    "/runs/x/eval/nano-01234567/bench-gsm8k-gsm8k.jsonl",
  )
  expect(paths.evaluation("../..", "../../etc/passwd").samples).toBe("/runs/x/eval/unnamed/etc-passwd.jsonl")
  expect(paths.training("first").checkpoint(10)).toBe("/runs/x/train/first/checkpoints/10")
})

it("names a policy by its digest where it has one, whatever path it lies under, and cuts a long name at its end", () => {
  const digest = (identity: string) => ({ identity, identityIsDigest: true })
  expect(policySlug("local:/home/a/run/1", digest("a"))).toMatch(/^local-[0-9a-f]{8}$/)
  expect(policySlug("local:/home/a/run/1", digest("a"))).toBe(policySlug("local:copy", digest("a")))
  expect(policySlug("local:copy", digest("a"))).not.toBe(policySlug("local:copy", digest("b")))
  expect(policySlug("nano", digest("a"))).toBe(policySlug("nano", { identity: "a" }))
  const long = `openai:a-house/${"very-".repeat(20)}long`
  expect(policySlug(long, { identity: "a" })).toMatch(/^openai-a-house-(very-){9}[0-9a-f]{8}$/)
})

it("writes nothing where the folder is only opened, or a check refuses", async () => {
  const folder = temporaryFolder()
  const first = await openRun(folder)
  expect(await readRun(folder)).toBeUndefined()
  await checkRun(folder, { generate: { model: "nano" } })
  await first.register({ generate: { model: "nano" } }, { compared: { digests: { dataset: "1:a" }, differences: [] } })
  await first.close()
  const before = await readFile(join(folder, "run.json"), "utf8")
  await expect(checkRun(folder, { generate: { model: "other" } })).rejects.toThrow('model was "nano"')
  const compared = { digests: { dataset: "1:b" }, differences: ["the data are others"] }
  await expect(checkRun(folder, { generate: { model: "nano" } }, { compared })).rejects.toThrow("the data are others.")
  await checkRun(folder, { generate: { model: "other" } }, { hasRecords: async () => false, compared })
  expect(await readdir(folder)).toEqual(["run.json"])
  expect(await readFile(join(folder, "run.json"), "utf8")).toBe(before)
})

it("remembers by whom a stage was gone on with, each once", async () => {
  const folder = temporaryFolder()
  const spec = { generate: { model: "nano" } }
  for (const [since, version] of Object.entries({ monday: "1.0.0", tuesday: "1.0.0", friday: "1.1.0" })) {
    const run = await openRun(folder, { spec, maker: { since, plugins: { own: version }, machine: {} } })
    await run.close()
  }
  expect((await readRun(folder))?.makers?.generate?.map(({ since }) => since)).toEqual(["monday", "friday"])
})
