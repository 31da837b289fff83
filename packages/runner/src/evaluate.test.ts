import { type Benchmark, contentHash, EvalSampleSchema, type Metrics, type Task } from "@swirl-ts/core"
import { openRun, readRecords } from "@swirl-ts/store"
import { fakeModel, temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { answer, benchmark, call, honest, makeTasks, settings } from "../test/sums.ts"
import { evaluate } from "./evaluate.ts"
import { openEvaluationFiles } from "./files.ts"

/** Task 0 is answered wrong, 1 never, 2 fails, 3 cannot be scored, the others are right. */
function difficult(fails = true) {
  const model = fakeModel((options) => {
    const question = /what is (\d+) \+/.exec(JSON.stringify(options.prompt))![1]
    if (question === "0") return answer("99")
    if (question === "1") return call("1 + 1")
    if (question === "2" && fails) throw new Error("the server broke")
    return honest(options)
  })
  const s = settings(model)
  const score = (task: Task, text: string | undefined) => {
    if (task.id === "test/3" && fails) throw new Error("no reference")
    return benchmark.score(task, text)
  }
  return { ...s, model, benchmark: { ...s.benchmark, value: { ...benchmark, score } } }
}

it("counts no answer as wrong, and what failed as nothing at all", async () => {
  const evaluation = await evaluate({ ...difficult(), tasks: makeTasks(6) })
  expect(evaluation.records.map(({ taskId, status }) => [taskId, status])).toEqual([
    ["test/0", "scored"],
    ["test/1", "limit"],
    ["test/2", "error"],
    ["test/3", "unscored"],
    ["test/4", "scored"],
    ["test/5", "scored"],
  ])
  expect(evaluation.metrics).toEqual({ accuracy: 0.5 })
  expect(evaluation).toMatchObject({ scored: 4, unscored: 1, errors: 1, limit: 1 })
  expect(evaluation.records[2]).toMatchObject({ metrics: {}, error: "the server broke" })
  for (const record of evaluation.records) expect(() => EvalSampleSchema.parse(record)).not.toThrow()
})

it("says in every record how it was sampled, what was asked and which metric counts", async () => {
  const sampled = { ...settings(fakeModel(honest)), sampling: { temperature: 0.5 } }
  const [task] = makeTasks(1)
  expect((await evaluate({ ...sampled, tasks: [task!] })).records[0]).toMatchObject({
    temperature: 0.5,
    seed: sampled.seed,
    questionHash: contentHash(task!.question),
    primaryMetric: "accuracy",
  })
  for (const { temperature, primaryMetric } of (await evaluate({ ...difficult(), tasks: makeTasks(4) })).records)
    expect([temperature, primaryMetric]).toEqual([1, "accuracy"])
})

it("leaves exactly one final record a sample, and tries errors and unscored ones again", async () => {
  const folder = temporaryFolder()
  const run = await openRun(folder)
  const paths = { ...run.paths, ...run.paths.evaluation("fake-00000000", "sums") }
  const once = async (options: ReturnType<typeof difficult>) => {
    const files = await openEvaluationFiles(paths)
    const evaluation = await evaluate({ ...options, ...files, tasks: makeTasks(6) })
    await files.close()
    return evaluation
  }
  await once(difficult())
  const healthy = difficult(false)
  const second = await once(healthy)
  expect(second).toMatchObject({ scored: 6, errors: 0, unscored: 0, resumed: 5, metrics: { accuracy: 4 / 6 } })
  const onDisk = []
  for await (const record of readRecords(paths.samples, EvalSampleSchema)) onDisk.push(record)
  expect(onDisk.map(({ taskId }) => taskId).sort()).toEqual(makeTasks(6).map(({ id }) => id))
  expect(healthy.model.calls).toHaveLength(2)
  const third = difficult(false)
  expect(await once(third)).toMatchObject({ resumed: 6, metrics: { accuracy: 4 / 6 } })
  expect(third.model.calls).toHaveLength(0)
  await run.close()
})

it("scores what a kill left unscored", async () => {
  const run = await openRun(temporaryFolder())
  const paths = { ...run.paths, ...run.paths.evaluation("fake-00000000", "sums") }
  const model = fakeModel(honest)
  const first = await openEvaluationFiles(paths)
  const { samplesFile: _samples, ...withoutSamples } = first
  await evaluate({ ...settings(model), ...withoutSamples, tasks: makeTasks(3) })
  await first.close()
  const files = await openEvaluationFiles(paths)
  expect(await evaluate({ ...settings(model), ...files, tasks: makeTasks(3) })).toMatchObject({ scored: 3, resumed: 3 })
  expect(files.samplesFile.size).toBe(3)
  expect(model.calls).toHaveLength(6)
  await files.close()
  await run.close()
})

it("ends by what the disk said of a sample, and leaves no failure behind that nobody waits for", async () => {
  const run = await openRun(temporaryFolder())
  const files = await openEvaluationFiles({ ...run.paths, ...run.paths.evaluation("fake-00000000", "sums") })
  const left: unknown[] = []
  const notice = (error: unknown) => void left.push(error)
  process.on("unhandledRejection", notice)
  // As the store does it: who appended and who commits wait for the same write.
  let write: Promise<void>
  const samplesFile = {
    ...files.samplesFile,
    append: async () => {
      write = new Promise((_, reject) => setTimeout(() => reject(new Error("the disk is full")), 5))
      return write
    },
    commit: async () => write,
  }
  const options = { ...settings(fakeModel(honest)), ...files, samplesFile, tasks: makeTasks(6), concurrency: 3 }
  await expect(evaluate(options)).rejects.toThrow("the disk is full")
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off("unhandledRejection", notice)
  expect(left).toEqual([])
  await files.close()
  await run.close()
})

it("says of how many samples a metric's mean is, where not all have it", async () => {
  const s = settings(fakeModel(honest))
  const partly = {
    ...benchmark,
    score: ({ id }: Task): Metrics => (id === "test/1" ? { accuracy: 1, f1: 0.5 } : { accuracy: 1 }),
  }
  const evaluated = (value: typeof benchmark) =>
    evaluate({ ...s, benchmark: { ...s.benchmark, value }, tasks: makeTasks(3) })
  expect(await evaluated(partly)).toMatchObject({ metrics: { accuracy: 1, f1: 0.5 }, metricSamples: { f1: 1 } })
  expect((await evaluated(benchmark)).metricSamples).toBeUndefined()
})

it("gives records in task order however the answers came, and the benchmark's own aggregate", async () => {
  const model = fakeModel(async (options) => {
    await new Promise((resolve) => setTimeout(resolve, options.seed! % 10))
    return honest(options)
  })
  const s = settings(model)
  const value = { ...benchmark, aggregate: (samples: readonly object[]) => ({ number: samples.length }) }
  const evaluation = await evaluate({ ...s, benchmark: { ...s.benchmark, value }, tasks: makeTasks(12), samples: 2 })
  expect(evaluation.records.map(({ taskId, epoch }) => `${taskId} ${epoch}`)).toEqual(
    makeTasks(12).flatMap(({ id }) => [`${id} 0`, `${id} 1`]),
  )
  expect(evaluation.metrics).toEqual({ number: 24 })
  expect(evaluation.total).toBe(24)
})

it.each([
  [{ accuracy: Number.NaN }, "gave the metric accuracy as NaN, which is no finite number"],
  [{}, "gave no metrics (is the reference hidden?)"],
  [{ exact: 1, f1: 0.5 }, "gave no accuracy, which is its primaryMetric; it gave exact, f1"],
  [{ accuracy: 7 }, "gave its primaryMetric accuracy as 7, which is not in [0, 1]"],
  [7, "gave 7 in place of metrics by name"],
  ["x", 'gave "x" in place of metrics by name'],
  [Number.NaN, "gave NaN in place of metrics by name"],
  [undefined, "gave undefined in place of metrics by name"],
  [Promise.resolve([1]), "gave a list in place of metrics by name"],
])("calls a sample unscored, by the benchmark's name, when its score is no score: %j", async (metrics, reason) => {
  const s = settings(fakeModel(honest))
  const value = { ...benchmark, score: () => metrics as Metrics }
  const evaluation = await evaluate({ ...s, benchmark: { ...s.benchmark, value }, tasks: makeTasks(1) })
  expect(evaluation).toMatchObject({ unscored: 1, scored: 0, metrics: {} })
  expect(evaluation.records[0]?.error).toContain(`Benchmark ${s.benchmark.fullName}: score ${reason}`)
})

const scoring = (score: Benchmark["score"], scoreTimeout?: number) => {
  const s = settings(fakeModel(honest))
  return { ...s, benchmark: { ...s.benchmark, value: { ...benchmark, score, scoreTimeout } }, tasks: makeTasks(3) }
}

it("waits for a score that comes later", async () => {
  const later: Benchmark["score"] = async (task, answer) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return benchmark.score(task, answer)
  }
  expect(await evaluate(scoring(later))).toMatchObject({ scored: 3, metrics: { accuracy: 1 } })
})

it("leaves unscored with its reason what hangs, tells it so, and counts it as nothing", async () => {
  const told: unknown[] = []
  const hangs: Benchmark["score"] = (task, answer, { abortSignal } = {}) =>
    task.id === "test/1"
      ? new Promise(() => abortSignal?.addEventListener("abort", () => told.push(abortSignal.reason.message)))
      : benchmark.score(task, answer)
  const evaluation = await evaluate(scoring(hangs, 20))
  const late = "Benchmark bench-sums/sums: score gave nothing within 0.02 s"
  expect(evaluation).toMatchObject({ scored: 2, unscored: 1, metrics: { accuracy: 1 } })
  expect(evaluation.records[1]).toMatchObject({ status: "unscored", metrics: {}, error: late })
  expect(told).toEqual([late])
})

it("records nothing of a score that was aborted: the next run scores it", async () => {
  const stop = new AbortController()
  const aborted = scoring(async () => {
    stop.abort(new Error("enough"))
    throw new Error("killed")
  })
  const evaluation = await evaluate({ ...aborted, concurrency: 1, abortSignal: stop.signal })
  expect(evaluation).toMatchObject({ aborted: true, records: [] })
})
