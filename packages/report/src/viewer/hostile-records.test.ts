/** Records of which nothing may be believed: what stands in them is a text on a page, and never a part of a script, of a name or of a path. */
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { EvalSample, Trajectory, VerdictRecord } from "@swirl-ts/core"
import { jsonLines, temporaryFolder, trajectory } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, test } from "vitest"
import { readViewerFolder } from "../../test/viewer-folder.ts"
import { pageText } from "./page-text.ts"
import { writeViewer } from "./write-viewer.ts"

const script = "</script><script>alert(1)</script><!--<script>"
const traversal = "../../../../etc/passwd"
const odd = "\u2028\u2029\0\u202e\ud800'\\`$\u007bx}\r\n\uffff"

test("a page is one call with two texts, whatever is in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.json(), (name, json) => {
      const text = pageText(name, JSON.parse(json))
      const calls: string[][] = []
      new Function("swirlPage", text)((...given: string[]) => calls.push(given))
      expect(calls).toEqual([[name, JSON.stringify(JSON.parse(json))]])
      expect(text).not.toMatch(/[<\u2028\u2029]|[\r\n](?!$)/)
    }),
  )
})

const hostile = (id: string, more: Partial<Trajectory> = {}): Trajectory => {
  const base = trajectory(id, script, [["1 + 1", odd], ["=2"]])
  const [first, ...others] = base.steps
  return {
    ...base,
    taskId: traversal,
    policy: script,
    question: odd,
    error: script,
    answer: script,
    steps: [
      {
        ...first!,
        text: script + odd,
        call: {
          tool: "__proto__",
          input: JSON.parse(`{"__proto__": {"polluted": 1}, "constructor": "x"}`),
          query: odd,
        },
      },
      ...others,
    ],
    ...more,
  }
}

test("script, paths and names of JavaScript in every field change no page, no name of a file, and no object", async () => {
  const ids = [script, traversal, "__proto__", "constructor", odd]
  const samples: EvalSample[] = ids.map((trajectoryId) => ({
    schema: "swirl.eval-sample/1",
    id: trajectoryId,
    taskId: traversal,
    trajectoryId,
    benchmark: script,
    split: traversal,
    epoch: 0,
    policy: "__proto__",
    temperature: 0,
    primaryMetric: "__proto__",
    status: "scored",
    answer: script,
    metrics: JSON.parse(`{"__proto__": 1, "<img src=x>": 0}`),
  }))
  const verdicts: VerdictRecord[] = ids.map((trajectoryId) => ({
    schema: "swirl.verdict/1",
    id: trajectoryId,
    trajectoryId,
    step: 0,
    judge: "__proto__",
    verdict: "bad",
    reason: "__proto__",
  }))
  const run = temporaryFolder({
    "trajectories.jsonl": jsonLines(ids.map((id) => hostile(id))),
    "verdicts.jsonl": jsonLines(verdicts),
    "eval/x/y.jsonl": jsonLines(samples),
    "eval/x/y.trajectories.jsonl": jsonLines(ids.map((id) => hostile(id, { benchmark: script, split: traversal }))),
  })
  const report = join(run, "report")
  await writeViewer(run, report)
  const { summary, samples: pages, trajectory: shown } = readViewerFolder(report)
  // As they were recorded, but for half of a pair of UTF-16.
  expect(pages[0]!.key.slice(0, ids.length)).toEqual(ids)
  expect(shown(script)).toMatchObject({ taskId: traversal, question: odd, answer: script })
  expect(Object.keys(shown("__proto__").steps[0]!.call!.input as object)).toEqual(["__proto__", "constructor"])
  expect(summary.judges).toMatchObject([{ identity: "__proto__", bad: 5 }])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  const names = readdirSync(join(report, "data", summary.pages.folder)).sort()
  expect(names).toEqual(["questions-0.js", "samples-0.js", "trajectories-0.js"])
  for (const name of names)
    expect(readFileSync(join(report, "data", summary.pages.folder, name), "utf8")).not.toContain("<")
})

test("a line of 10 MB is on a page of its own, whole, and small ones beside it are not", async () => {
  const long = "x".repeat(10_000_000)
  const big = trajectory("big", "long", [["1 + 1", long], ["=2"]])
  const small = (id: string) => trajectory(id, "short", [["=2"]])
  const run = temporaryFolder({ "trajectories.jsonl": jsonLines([small("a"), big, small("b"), small("c")]) })
  const report = join(run, "report")
  const { pages } = await writeViewer(run, report)
  expect(pages.trajectories.starts).toEqual([0, 1, 2])
  expect(readViewerFolder(report).trajectory("big").steps[0]!.observation!.text).toBe(long)
  rmSync(run, { recursive: true })
})
