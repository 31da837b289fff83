import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import type { EvalSample, ImportedRecord, VerdictRecord } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { sample } from "../../test/fixture.ts"
import { dataNames, readViewerFolder } from "../../test/viewer-folder.ts"
import { finishReasons, scoreStatuses, trajectoryStatuses } from "./samples-page.ts"
import { writeViewer } from "./write-viewer.ts"

const told = (id: string, verdicts: readonly ("good" | "bad")[]) =>
  sample(
    id,
    `question of ${id}`,
    verdicts.map(
      (verdict, index) =>
        [`<m> ${index} </m>`, verdict, `because ${verdict}`, ...(index === verdicts.length - 1 ? [] : ["1"])] as never,
    ),
  )
const evaluated = (id: string, accuracy: number | undefined, policy = "nano-0a0b0c0d"): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${policy}-${id}`,
  taskId: `test/${id}`,
  trajectoryId: id,
  benchmark: "bench-sandbox/calc",
  split: "train",
  epoch: 0,
  policy,
  temperature: 0,
  primaryMetric: "accuracy",
  status: accuracy === undefined ? "error" : "scored",
  metrics: accuracy === undefined ? {} : { accuracy },
  ...(accuracy === undefined ? { error: "the server said 500" } : {}),
})
const oracle = (records: readonly VerdictRecord[], verdict: VerdictRecord["verdict"]): VerdictRecord[] =>
  records.map((record) => ({ ...record, id: `key-${record.id}`, judge: "kit/key", oracle: true, verdict }))

/** Generated: two, one of them tried before. Evaluated: one with its trajectory, one that failed and has none. */
function aRun(): string {
  const [a, b, tested] = [told("a", ["good", "bad"]), told("b", ["good"]), told("t", ["good", "good"])]
  const failed = { ...b.trajectory, status: "error" as const, error: "no route to host", steps: [] }
  return temporaryFolder({
    "trajectories.jsonl": jsonLines([a.trajectory, b.trajectory]),
    "verdicts.jsonl": jsonLines([...a.verdicts, ...b.verdicts, ...oracle(a.verdicts, "bad")]),
    "attempts.jsonl": jsonLines([{ schema: "swirl.attempt/1", id: "b", record: failed }]),
    "eval/nano-0a0b0c0d/calc.jsonl": jsonLines([evaluated("t", 1), evaluated("lost", undefined)]),
    "eval/nano-0a0b0c0d/calc.trajectories.jsonl": jsonLines([{ ...tested.trajectory, policy: "nano-0a0b0c0d" }]),
    "eval/nano-0a0b0c0d/verdicts.jsonl": jsonLines(tested.verdicts),
  })
}

test("every sample is on a page, whatever became of it", async () => {
  const run = aRun()
  const report = join(run, "report")
  await writeViewer(run, report)
  const { summary, samples, questions, trajectory } = readViewerFolder(report)
  const [page] = samples
  expect(page!.key).toEqual(["t", "a", "b", "b~2", "lost"])
  expect(page!.group.map((group) => summary.groups[group]!.stage)).toEqual([
    "evaluate",
    "generate",
    "generate",
    "earlier try",
    "evaluate",
  ])
  expect(page!.status.map((status) => trajectoryStatuses[status])).toEqual([
    "answered",
    "answered",
    "answered",
    "error",
    "no trajectory",
  ])
  expect(page!.scoreStatus.map((status) => scoreStatuses[status])).toEqual([
    "scored",
    "not evaluated",
    "not evaluated",
    "not evaluated",
    "error",
  ])
  expect(page!.finish.map((finish) => finishReasons[finish])).toEqual(["stop", "stop", "stop", "no step", "no step"])
  expect(page).toMatchObject({
    score: [1, null, null, null, null],
    metrics: { accuracy: [1, null, null, null, null] },
    error: [null, null, null, "no route to host", "the server said 500"],
    steps: [2, 2, 1, 0, 0],
    toolCalls: [1, 1, 0, 0, 0],
    good: [2, 1, 1, 0, 0],
    bad: [0, 1, 0, 0, 0],
    disputed: [0, 1, 0, 0, 0],
    reward: [1, 0.5, 1, null, null],
  })
  expect(page).not.toHaveProperty("malformed")
  // Two tries of one question are of one question.
  expect(page!.question[2]).toBe(page!.question[3])
  expect(questions[0]).toMatchObject({ start: 0, task: ["test/t", "test/a", "test/b", "test/lost"] })
  expect(questions[0]!.text[0]).toBe("question of t")
  expect(trajectory("lost")).toMatchObject({ status: "no trajectory", sample: { status: "error" }, steps: [] })
  expect(
    trajectory("a").steps[1]!.verdicts.map(({ judge, reason }) => [summary.judges[judge]!.oracle, reason]),
  ).toEqual([
    [false, "because bad"],
    [true, "because bad"],
  ])
  expect(trajectory("t").sample).toMatchObject({ primaryMetric: "accuracy", metrics: { accuracy: 1 } })
})

test("the summary has groups, judges, and how far they agree", async () => {
  const run = aRun()
  const summary = await writeViewer(run, join(run, "report"))
  expect(summary.groups).toMatchObject([
    { stage: "evaluate", samples: 2, right: 1, wrong: 0, unscored: 1, errors: 1, inputTokens: 100, row: 0 },
    { stage: "generate", samples: 2, steps: 3, toolCalls: 1 },
    { stage: "earlier try", samples: 1, errors: 1 },
  ])
  expect(summary.matrix?.rows).toMatchObject([
    { kind: "reference", cells: { "calc/train": { accuracy: 1, errors: 1 } } },
  ])
  expect(summary.judges).toMatchObject([
    { oracle: false, good: 4, bad: 1, reasons: { "because bad": 1 } },
    { identity: "kit/key", oracle: true, bad: 2 },
  ])
  expect(summary.agreements).toEqual([{ judge: 0, other: 1, steps: 2, agreed: 1, onlyJudge: 1, onlyOther: 0 }])
  expect(summary.calibration).toMatchObject([{ oracle: "kit/key", n: 2, falsePositiveRate: { count: 1, n: 2 } }])
  expect(summary.counts).toMatchObject({ trajectories: 2, "earlier tries": 1, evaluationSamples: 2 })
})

test("the second build takes the place of the first in one step, and a killed one leaves nothing", async () => {
  const run = aRun()
  const report = join(run, "report")
  const first = await writeViewer(run, report)
  mkdirSync(join(report, "data", "pages-killed"))
  writeFileSync(join(report, "data", "pages-killed", "samples-0.js"), "half a pa")
  const second = await writeViewer(run, report)
  expect(second.pages.folder).not.toBe(first.pages.folder)
  expect(dataNames(report).sort()).toEqual([second.pages.folder, "summary.js"])
  readViewerFolder(report)
})

test("a build that cannot end leaves the pages that were there", async () => {
  const run = aRun()
  const report = join(run, "report")
  const first = await writeViewer(run, report)
  writeFileSync(join(run, "verdicts.jsonl"), '{"schema": "swirl.verdict/1"}\n{"no": "verdict"}\n')
  await expect(writeViewer(run, report)).rejects.toThrow("verdicts.jsonl, line 1")
  expect(dataNames(report).sort()).toEqual([first.pages.folder, "summary.js"])
  expect(readViewerFolder(report).summary.createdAt).toBe(first.createdAt)
})

test("a torn last line is passed over: the run is still being written", async () => {
  const run = aRun()
  const path = join(run, "trajectories.jsonl")
  writeFileSync(path, `${readFileSync(path, "utf8")}{"schema":"swirl.trajectory/1","id":"tor`)
  await writeViewer(run, join(run, "report"))
  expect(readViewerFolder(join(run, "report")).samples[0]!.key).not.toContain("tor")
})

test("policies of one cell are compared question by question where no matrix does, as swirl compare would", async () => {
  const right = [1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1]
  const before = right.map((_, index) => evaluated(`q${index}`, index % 3 === 0 ? 1 : 0, "a"))
  const after = right.map((score, index) => evaluated(`q${index}`, score, "b"))
  const run = temporaryFolder({
    "run.json": { schema: "swirl.run/1", id: "r", createdAt: "", spec: {}, specHash: "", digests: {}, machine: {} },
    "eval/a/calc.jsonl": jsonLines(before),
    "eval/b/calc.jsonl": jsonLines([...after, evaluated("alone", 1, "b")]),
  })
  const { comparisons, groups, headline } = await writeViewer(run, join(run, "report"))
  expect(comparisons).toMatchObject([{ questions: 12, baseAccuracy: 4 / 12, accuracy: 9 / 12 }])
  const { of, against, change } = comparisons[0]!
  expect([groups[against]!.policy, groups[of]!.policy]).toEqual(["a", "b"])
  expect(change.value).toBeCloseTo(5 / 12)
  expect(change.pHolm).toBe(change.p)
  expect(change.p).toBeGreaterThan(0)
  expect(headline).toEqual([
    "1 comparison of policies on the same questions: 1 clear after Holm's correction.",
    "  calc/train: b against a +41.7 points (95 % interval +7.3 to +68.0) over 12 questions.",
  ])
})

test("an imported trajectory has the scores and references of its log; a compressed record file is read as well", async () => {
  const { trajectory } = told("log", ["good"])
  const imported: ImportedRecord = {
    schema: "swirl.imported/1",
    id: "log",
    format: "inspect",
    source: { file: "a.eval", digest: "d", key: "k", turn: 1 },
    producer: { tool: "inspect_ai" },
    models: ["gpt"],
    policy: "nano",
    benchmark: trajectory.benchmark,
    split: trajectory.split,
    taskId: trajectory.taskId,
    epoch: 0,
    question: trajectory.question,
    references: ["42"],
    scores: [{ scorer: "match", value: "C", number: 1 }],
  }
  const run = temporaryFolder({ "imported.jsonl": jsonLines([imported]) })
  writeFileSync(join(run, "trajectories.jsonl.gz"), gzipSync(jsonLines([trajectory])))
  writeFileSync(
    join(run, "run.json"),
    JSON.stringify({ schema: "swirl.run/1", id: "r", createdAt: "", spec: {}, specHash: "", digests: {}, machine: {} }),
  )
  const summary = await writeViewer(run, join(run, "report"))
  expect(summary.groups).toMatchObject([{ stage: "import", model: "gpt", label: "gpt" }])
  const { trajectory: shown, questions } = readViewerFolder(join(run, "report"))
  expect(shown("log")).toMatchObject({
    reference: ["42"],
    foreignScores: [{ scorer: "match" }],
    imported: { format: "inspect" },
  })
  expect(questions[0]!.reference).toEqual(["42"])
})

test("what the plugins know of the prompt stands with each step, and nowhere where they are not loaded", async () => {
  const run = aRun()
  const turnsOf = () => [
    [{ role: "assistant" as const, content: [{ type: "text" as const, text: "said" }] }],
    [{ role: "assistant" as const, content: [{ type: "text" as const, text: "never shown" }] }],
  ]
  await writeViewer(run, join(run, "report"), { turnsOf, referenceOf: async () => ["7", "seven"] })
  const shown = readViewerFolder(join(run, "report")).trajectory("a")
  expect(shown.steps.map(({ entered }) => entered)).toEqual([[{ role: "assistant", text: "said" }], undefined])
  expect(shown.reference).toEqual(["7", "seven"])
  await writeViewer(run, join(run, "report"))
  expect(readViewerFolder(join(run, "report")).trajectory("a").steps[0]!.entered).toBeUndefined()
})

test("a copy in another place, without the run, reads the same", async () => {
  const run = aRun()
  await writeViewer(run, join(run, "report"))
  const here = readViewerFolder(join(run, "report"))
  const elsewhere = temporaryFolder()
  await cp(join(run, "report"), join(elsewhere, "moved"), { recursive: true })
  rmSync(run, { recursive: true })
  expect(JSON.stringify(readViewerFolder(join(elsewhere, "moved")))).toBe(JSON.stringify(here))
})
