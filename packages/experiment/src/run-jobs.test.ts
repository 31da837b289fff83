import fc from "fast-check"
import { expect, test } from "vitest"
import { crossTrainings, defineExperiment } from "./experiment.ts"
import { type Job, planJobs } from "./plan.ts"
import { type FailedJob, runJobs } from "./run-jobs.ts"

const experiment = defineExperiment({
  policy: "nano",
  judge: "grounded",
  seeds: [1, 2],
  cells: ["calc/test"],
  trainings: [
    ...crossTrainings(["calc", "lookup"], ["none", "process"]),
    { name: "both", train: ["calc", "lookup"], filter: "process", judge: "plan" },
  ],
})
const job = (id: string, ...needs: string[]): Job => ({
  kind: "judge",
  id,
  needs,
  seed: 1,
  folder: id,
  judge: { judge: "j", options: {} },
})
/** What an expectation inside a job throws would else be a failed job. */
const unexpected = {
  onFailed: ({ reason }: FailedJob) => {
    throw new Error(reason)
  },
}

test("jobs that may run at the same time never share a folder", async () => {
  const busy = new Set<string>()
  await runJobs(
    planJobs(experiment),
    5,
    async (job) => {
      expect(busy).not.toContain(job.folder)
      busy.add(job.folder)
      await new Promise((resolve) => setTimeout(resolve, 1))
      busy.delete(job.folder)
    },
    unexpected,
  )
})

test("a failing job is told with its reason; what needs it is not run and says so, all others are run", async () => {
  const jobs = [job("a"), job("b", "a"), job("c", "b"), { ...job("d", "e"), after: ["a"] }, job("e")]
  for (const width of [1, 3]) {
    const started: string[] = []
    const failed: unknown[] = []
    const run = async ({ id }: Job) => {
      started.push(id)
      if (id === "a") throw new Error("disk full.")
    }
    await runJobs(jobs, width, run, { onFailed: (failure) => failed.push(failure) })
    expect(started.sort()).toEqual(["a", "d", "e"])
    expect(failed).toEqual([
      { job: "a", reason: "disk full." },
      { job: "b", reason: 'not run, because "a" failed: disk full.' },
      { job: "c", reason: 'not run, because "a" failed: disk full.' },
    ])
  }
})

test("an abort ends it: nothing new is begun, what runs is waited for, and what it ended has not failed", async () => {
  const abort = new AbortController()
  const [started, ended, failed] = [[] as string[], [] as string[], [] as unknown[]]
  const run = async ({ id }: Job) => {
    started.push(id)
    if (id === "a") abort.abort(new Error("Ctrl-C"))
    await new Promise((resolve) => setTimeout(resolve, 10))
    ended.push(id)
    if (id === "b") throw new Error("killed")
  }
  const options = { abortSignal: abort.signal, onFailed: (failure: unknown) => failed.push(failure) }
  await expect(runJobs([job("b"), job("a"), job("c")], 2, run, options)).rejects.toThrow("Ctrl-C")
  expect([started, ended, failed]).toEqual([["b", "a"], ["b", "a"], []])
})

test("jobs that wait for each other are an error, not a hang", async () => {
  await expect(runJobs([job("a", "b"), job("b", "a")], 2, async () => {})).rejects.toThrow(/wait for each other: a, b/)
})

test("never more jobs at once than asked for, and all of them run", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), async (width) => {
      let running = 0
      const done: string[] = []
      await runJobs(
        planJobs(experiment),
        width,
        async (job, slot) => {
          expect(slot).toBeLessThan(width)
          expect(++running).toBeLessThanOrEqual(width)
          await Promise.resolve()
          running--
          done.push(job.id)
        },
        unexpected,
      )
      expect(done).toHaveLength(planJobs(experiment).length)
    }),
    { numRuns: 10 },
  )
})
