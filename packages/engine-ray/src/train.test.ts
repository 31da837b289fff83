import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type MetricRecord, rowId, type TrainingJob, userMessage } from "@swirl-ts/core"
import { temporaryFolder, testHost, until } from "@swirl-ts/test-support"
import { expect, it, test } from "vitest"
import type { FakeJob, FakeRay } from "../test/fake-ray.ts"
import { posts, startedRay as started } from "../test/started-ray.ts"
import { trainOnRay } from "./train.ts"

const policy = temporaryFolder({ "config.json": "{}" })

interface Said {
  lines: string[]
  metrics: MetricRecord[]
}

function jobIn(directory: string, changes: Partial<TrainingJob> = {}): TrainingJob & Said {
  const said: Said = { lines: [], metrics: [] }
  return {
    id: "sft-process-0123456789",
    name: "sft-process",
    policy: `local:${policy}`,
    policyDirectory: policy,
    algorithm: "sft",
    settings: { iterations: 2, learningRate: 1e-3 },
    seed: 7,
    rows: [
      {
        id: rowId("t", 0),
        trajectoryId: "t",
        stepIndex: 0,
        stepCount: 1,
        messages: [userMessage("2 + 3?")],
        action: "5",
        tokens: { prompt: [1, 2], action: [3, 4] },
      },
    ],
    tools: [],
    stopSequences: [],
    directory,
    log: (line) => void said.lines.push(line),
    onMetric: (metric) => void said.metrics.push(metric),
    ...said,
    ...changes,
  }
}

/** Trains as the launcher does: from the newest checkpoint of the training's folder, a step at a time. */
function takeStep({ files }: FakeJob, step: number, job: FakeJob): void {
  const { directory } = JSON.parse(files["settings.json"]!)
  const metric = JSON.stringify({ schema: "swirl.metric/1", step, values: { loss: 1 / step }, alarms: [] })
  mkdirSync(join(directory, "checkpoints", String(step)), { recursive: true })
  writeFileSync(join(directory, "checkpoints", String(step), "config.json"), "{}")
  appendFileSync(join(directory, "metrics.jsonl"), `${metric}\n`)
  job.logs += `swirl metric: ${metric}\nstep ${step} is done\n`
}
const end = (job: FakeJob, status = "SUCCEEDED", message = "Job finished successfully."): void =>
  void Object.assign(job, { status, message })
const trainWell = (job: FakeJob): void => {
  for (let step = 1; step <= JSON.parse(job.files["settings.json"]!).iterations; step++) takeStep(job, step, job)
  end(job)
}

const train = (job: TrainingJob, { url }: Pick<FakeRay, "url">, environment: Record<string, string> = {}) =>
  trainOnRay(job, { url }, testHost({ environment: { SWIRL_RAY_POLL_SECONDS: "0.02", ...environment } }), {})
const failure = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => expect.fail("it should have failed"),
    (error: Error) => error,
  )
const record = (directory: string) => JSON.parse(readFileSync(join(directory, "job.json"), "utf8"))

test("a training is one job: its files, its log line by line, its metrics, its checkpoint", async () => {
  const ray = await started({ run: trainWell })
  const job = jobIn(temporaryFolder())
  const result = await train(job, ray)
  expect(result).toEqual({ checkpoint: join(job.directory, "checkpoints", "2"), steps: 2, alarms: [] })
  const [taken] = [...ray.jobs.values()]
  expect(taken!.submission).toMatchObject({
    submission_id: "swirl-sft-process-0123456789-1",
    entrypoint: "python3 swirl_trl.py",
    entrypoint_num_cpus: 1,
  })
  expect(JSON.parse(taken!.files["rows.jsonl"]!)).toMatchObject({
    row_id: "t/0",
    prompt_token_ids: [1, 2],
    token_ids: [3, 4],
    messages: '[{"role":"user","content":"2 + 3?"}]',
  })
  expect(JSON.parse(taken!.files["settings.json"]!)).toMatchObject({
    algorithm: "sft",
    iterations: 2,
    policy,
    lora: null,
  })
  expect(taken!.files["swirl_trl.py"]).toContain("def main()")
  expect(job.metrics.map(({ step }) => step)).toEqual([1, 2])
  expect(job.lines.filter((line) => line.startsWith("step"))).toEqual(["step 1 is done", "step 2 is done"])
  expect(record(job.directory).attempts).toMatchObject([{ status: "SUCCEEDED", url: ray.url }])
})

test("asked again when it has ended, nothing is asked of the cluster; asked for more steps, another job takes them", async () => {
  const ray = await started({ run: trainWell })
  const job = jobIn(temporaryFolder())
  await train(job, ray)
  const before = ray.asked.length
  expect((await train(job, ray)).steps).toBe(2)
  expect(ray.asked).toHaveLength(before)
  const more = { ...job, settings: { ...job.settings, iterations: 3 } }
  expect((await train(more, ray)).steps).toBe(3)
  expect([...ray.jobs.keys()]).toEqual(["swirl-sft-process-0123456789-1", "swirl-sft-process-0123456789-2"])
})

test("the client goes away and comes back: the same job, never a second one", async () => {
  const ray = await started({ run: (job) => takeStep(job, 1, job) })
  const abort = new AbortController()
  const job = jobIn(temporaryFolder(), { abortSignal: abort.signal })
  const first = failure(train(job, ray))
  await until(() => job.lines.includes("step 1 is done"))
  abort.abort(new Error("Stopped by Ctrl-C."))
  expect((await first).message).toBe("Stopped by Ctrl-C.")
  expect(job.lines.at(-1)).toMatch(
    /^Let go of the job .*-1: it goes on at .* same command attaches .*swirl jobs --engine-url http:.* --stop /,
  )
  const [taken] = [...ray.jobs.values()]
  expect(taken!.status).toBe("RUNNING")

  const again = jobIn(job.directory)
  const second = train(again, ray)
  await until(() => again.lines.some((line) => line.startsWith("Attached to the job")))
  takeStep(taken!, 2, taken!)
  end(taken!)
  expect((await second).steps).toBe(2)
  expect([posts(ray), ray.jobs.size]).toEqual([1, 1])
})

test("Ctrl-C stops the job where that was asked for", async () => {
  const ray = await started()
  const abort = new AbortController()
  const job = jobIn(temporaryFolder(), { abortSignal: abort.signal })
  const first = failure(train(job, ray, { SWIRL_RAY_ON_INTERRUPT: "stop" }))
  await until(() => job.lines.includes("The job is RUNNING."))
  abort.abort(new Error("Stopped by Ctrl-C."))
  await first
  expect([...ray.jobs.values()][0]!.status).toBe("STOPPED")
})

test("a submission whose answer was cut off is found again, not sent again", async () => {
  let isCut = true
  const ray = await started({
    run: trainWell,
    cut: (request) => (request === "POST /api/jobs/" && isCut ? "after" : false),
  })
  const job = jobIn(temporaryFolder())
  expect((await failure(train(job, ray))).message).toMatch(/cannot be reached/)
  isCut = false
  expect((await train(job, ray)).steps).toBe(2)
  expect([posts(ray), ray.jobs.size]).toEqual([1, 1])
})

test("a cluster that was started anew has lost the job: said, and gone on with from the newest checkpoint", async () => {
  const ray = await started({ run: (job) => takeStep(job, 1, job) })
  const job = jobIn(temporaryFolder())
  const first = failure(train(job, ray))
  await until(() => job.lines.includes("step 1 is done"))
  ray.restart()
  expect((await first).message).toMatch(/no longer knows the job .*-1.*Give the same command again.*\(step 1\)/)
  expect(record(job.directory).attempts).toMatchObject([{ status: "LOST" }])

  const second = train(job, ray)
  await until(() => ray.jobs.size === 1)
  const [taken] = [...ray.jobs.values()]
  expect(taken!.submission.submission_id).toBe("swirl-sft-process-0123456789-2")
  expect(ray.asked.filter((each) => each.startsWith("PUT"))).toHaveLength(2)
  takeStep(taken!, 2, taken!)
  end(taken!)
  expect((await second).steps).toBe(2)
})

test("the client is killed and the cluster is started anew: what was lost is said, and sent again", async () => {
  const ray = await started({ run: trainWell })
  const job = jobIn(temporaryFolder())
  const attempt = {
    submissionId: "swirl-sft-process-0123456789-1",
    files: "x",
    url: ray.url,
    submittedAt: "2026-11-29",
  }
  writeFileSync(
    join(job.directory, "job.json"),
    JSON.stringify({ schema: "swirl.training-job/1", engine: "ray", id: job.id, attempts: [attempt] }),
  )
  expect((await train(job, ray)).steps).toBe(2)
  expect(job.lines[0]).toMatch(/does not know the job swirl-sft-process-0123456789-1 .*lost, or was never taken/)
  expect(record(job.directory).attempts).toMatchObject([{ status: "LOST" }, { status: "SUCCEEDED" }])
})

test("a training that goes on at another cluster is not begun at this one", async () => {
  const [here, there] = [await started(), await started()]
  const abort = new AbortController()
  const job = jobIn(temporaryFolder(), { abortSignal: abort.signal })
  const first = failure(train(job, there))
  await until(() => job.lines.includes("The job is RUNNING."))
  abort.abort(new Error("Stopped."))
  await first
  const error = await failure(train(jobIn(job.directory), here))
  expect(error).toMatchObject({ kind: "usage" })
  expect(error.message).toContain(`goes on at ${there.url}`)
  expect(posts(here)).toBe(0)
})

test("what never gets its resources is stopped after the time that it may wait", async () => {
  const ray = await started({ cpus: 2 })
  const job = jobIn(temporaryFolder())
  const error = await failure(train(job, ray, { SWIRL_RAY_CPUS: "64", SWIRL_RAY_PENDING_MINUTES: "0.002" }))
  expect(error.message).toMatch(/waited 0.002 minutes for 64 CPUs and 0 GPUs .*SWIRL_RAY_PENDING_MINUTES/)
  expect([...ray.jobs.values()][0]!.status).toBe("STOPPED")
})

test("a cluster that is away for a while is waited for", async () => {
  let isAway = false
  const ray = await started({ run: (job) => takeStep(job, 1, job), cut: () => isAway })
  const job = jobIn(temporaryFolder())
  const trained = train(job, ray)
  await until(() => job.lines.includes("step 1 is done"))
  isAway = true
  await until(() => job.lines.some((line) => line.endsWith("It is waited for.")))
  isAway = false
  await until(() => job.lines.includes("The cluster answers again."))
  const [taken] = [...ray.jobs.values()]
  takeStep(taken!, 2, taken!)
  end(taken!)
  expect((await trained).steps).toBe(2)
  expect(job.metrics.map(({ step }) => step)).toEqual([1, 2])
}, 30_000)

it.each([
  [
    "a full disk",
    { logs: "OSError: [Errno 28] No space left on device\n" },
    /a disk of the cluster is full. Make room/,
  ],
  ["its own sentence", { logs: "swirl error: TRL 1.2 is another.\nbye\n" }, /ended: TRL 1.2 is another.$/],
  [
    "a missing interpreter",
    {
      message: "Job entrypoint command failed with exit code 127, last available logs (truncated)",
      logs: "/bin/sh: 1: /no/python: not found\n",
    },
    /could not be started: \/bin\/sh: 1: \/no\/python: not found. .*SWIRL_RAY_PYTHON/,
  ],
  [
    "files that are gone",
    { message: "runtime_env setup failed\nOSError: Failed to download\n", errorType: "RUNTIME_ENV_SETUP_FAILURE" },
    /could not be set up .*Failed to download.*sent again/,
  ],
  [
    "too little memory",
    {
      message: "Task was killed due to the node running low on memory. To adjust, set RAY_memory_usage_threshold",
      errorType: "JOB_SUPERVISOR_ACTOR_UNKNOWN_FAILURE",
    },
    /out of memory. Free some, or compute fewer rows/,
  ],
  ["a traceback", { logs: "a\nValueError: no\n" }, /Its log ends with:\n.*a\nValueError: no\n/],
])("a job that fails by %s is a sentence; the same command goes on", async (_what, ended, sentence) => {
  let fails = true
  const ray = await started({
    run: (job) => (fails ? void Object.assign(job, { status: "FAILED", ...ended }) : trainWell(job)),
  })
  const job = jobIn(temporaryFolder())
  expect((await failure(train(job, ray))).message).toMatch(sentence)
  fails = false
  expect((await train(job, ray)).steps).toBe(2)
  expect(record(job.directory).attempts).toMatchObject([{ status: "FAILED" }, { status: "SUCCEEDED" }])
})

test("a job that ends well and leaves nothing here says that the folder is not shared", async () => {
  const ray = await started({ run: (job) => end(job) })
  expect((await failure(train(jobIn(temporaryFolder()), ray))).message).toMatch(
    /no checkpoint. Client and cluster have to share/,
  )
})

test.each([
  [{ settings: { iterations: 2, rounds: 3 } }, {}, /has no rounds/],
  [{ stopSequences: ["</a>"] }, {}, /interrupts turns at texts/],
  [{ policyDirectory: undefined }, {}, /as a folder that transformers opens/],
  [{}, { SWIRL_RAY_PYTHON: "venv/bin/python" }, /no absolute path/],
  [{}, { SWIRL_RAY_CPUS: "many" }, /option "cpus"/],
])("what cannot be kept is refused before anything is sent: %j %j", async (changes, environment, sentence) => {
  const ray = await started()
  const error = await failure(train(jobIn(temporaryFolder(), changes), ray, environment as Record<string, string>))
  expect(error).toMatchObject({ kind: "usage", message: expect.stringMatching(sentence) })
  expect(ray.asked).toEqual([])
})

test("the address and the token of a judge: the address is where a job looks for it, the token is nowhere", async () => {
  const ray = await started({ run: trainWell, token: "cluster-token" })
  const judge = { url: "http://127.0.0.1:1234", isAttached: true, pythonClient: "# asks" }
  const job = jobIn(temporaryFolder(), { algorithm: "swirl", judge })
  await train(job, ray, { SWIRL_ENGINE_KEY: "cluster-token", SWIRL_JUDGE_TOKEN: "judge-token" })
  const [taken] = [...ray.jobs.values()]
  expect(taken!.files["swirl_judge.py"]).toBe("# asks")
  expect(readFileSync(join(job.directory, "job", "judge-address"), "utf8")).toBe(`${judge.url}\n`)
  const everything = JSON.stringify([taken!.submission, taken!.files, record(job.directory), job.lines])
  expect(everything).not.toMatch(/cluster-token|judge-token/)
})
