import { linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { runPaths } from "@swirl-ts/store"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { giveSeen } from "./seen-questions.ts"

test("a checkpoint's record is replaced as a whole: what a kill leaves, and a linked copy of the checkpoint, is the old one", async () => {
  const paths = runPaths(temporaryFolder({ "train/first/seen.jsonl": "new", "copy/model.safetensors": "" })).training(
    "first",
  )
  const checkpoint = paths.checkpoint(1)
  mkdirSync(checkpoint, { recursive: true })
  writeFileSync(join(checkpoint, "seen.jsonl"), "old")
  const copy = join(temporaryFolder({ x: "" }), "seen.jsonl")
  linkSync(join(checkpoint, "seen.jsonl"), copy)
  await giveSeen(paths, checkpoint)
  expect(readFileSync(join(checkpoint, "seen.jsonl"), "utf8")).toBe("new")
  expect(readFileSync(copy, "utf8")).toBe("old")
})
