import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { readLabels } from "./labels.ts"

const directory = temporaryFolder()

async function read(...lines: (string | object)[]) {
  const path = join(directory, "labels.jsonl")
  await writeFile(path, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"))
  return readLabels(path)
}
const label = (step: number, verdict: unknown) => ({ trajectoryId: "t", step, verdict, labelledBy: "Ada" })

describe("labels", () => {
  test("are read in the spellings people use; the same label twice counts once", async () => {
    const found = await read(
      `\uFEFF${JSON.stringify(label(0, "GOOD"))}`,
      "",
      label(1, false),
      label(2, 1),
      label(3, " bad "),
      label(0, true),
    )
    expect(found.map(({ step, verdict }) => [step, verdict])).toEqual([
      [0, "good"],
      [1, "bad"],
      [2, "good"],
      [3, "bad"],
    ])
    expect(new Set(found.map((record) => record.judge)).size).toBe(1)
  })

  test.each([
    [[label(0, "good"), "{"], /labels\.jsonl, line 2 is not JSON/],
    [[label(0, "fine")], /line 1 is no label: "verdict" cannot be used: .* the text "fine"/],
    [[{ step: 0, verdict: "good" }], /line 1 is no label: "trajectoryId" is missing/],
    [[label(0, "good"), label(1, "bad"), label(0, "bad")], /lines 1 and 3: step 0 of t is labelled good and bad/],
    [[""], /hold no label/],
  ])("that cannot be used are refused with their lines: %j", async (lines, message) => {
    await expect(read(...lines)).rejects.toThrow(message)
  })

  test("that are not there are named", async () => {
    await expect(readLabels(join(directory, "none.jsonl"))).rejects.toThrow(/none\.jsonl cannot be read/)
  })
})
