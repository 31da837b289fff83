import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { CommandJob } from "@swirl-ts/core"
import { temporaryFolder, testHost, until } from "@swirl-ts/test-support"
import { afterEach, expect, it, test } from "vitest"
import type { FakeJob, FakeRay } from "../test/fake-ray.ts"
import { runEntrypoint } from "../test/run-entrypoint.ts"
import { posts, startedRay as started } from "../test/started-ray.ts"
import { ray as plugin } from "./plugin.ts"

const lines: string[] = []
afterEach(() => void lines.splice(0))

/** As many as are asked for, in a folder. */
const shardsIn = (folder: string, count: number, more: readonly string[] = []): CommandJob[] =>
  Array.from({ length: count }, (_, place) => {
    const directory = join(folder, `${place + 1}-of-${count}`)
    mkdirSync(directory, { recursive: true })
    return {
      id: `all-${place + 1}`,
      name: `generate calc ${place + 1}/${count}`,
      words: ["generate", "calc", ...more, "--shard", `${place + 1}/${count}`, "--run", directory],
      workingDirectory: folder,
      directory,
      log: (line) => void lines.push(`${place + 1}/${count}: ${line}`),
    }
  })

const run = (
  commands: readonly CommandJob[],
  { url }: Pick<FakeRay, "url">,
  { environment = {}, abortSignal }: { environment?: Record<string, string>; abortSignal?: AbortSignal } = {},
) =>
  plugin().jobEngines!.ray!.run!(
    commands,
    { url },
    testHost({ log: (line) => void lines.push(line), environment: { SWIRL_RAY_POLL_SECONDS: "0.02", ...environment } }),
    abortSignal,
  )
const directoryOf = ({ submission }: FakeJob): string => /(\S+) \S+ swirl generate/.exec(submission.entrypoint)![1]!
const end = (job: FakeJob, status = "SUCCEEDED", more: Partial<FakeJob> = {}): void => {
  writeFileSync(join(directoryOf(job), "run.json"), "{}")
  Object.assign(job, { status, ...more })
}
const recordIn = ({ directory }: CommandJob) => JSON.parse(readFileSync(join(directory, "job.json"), "utf8"))

test("each command is one job: its words, its log under its own name; given again nobody is asked", async () => {
  const ray = await started({
    run(job) {
      job.logs = "generate calc 10/10\n"
      end(job)
    },
  })
  const commands = shardsIn(temporaryFolder(), 2)
  expect(await run(commands, ray, { environment: { OPENAI_API_KEY: "sk-secret" } })).toEqual([])
  const [first, second] = [...ray.jobs.values()]
  expect(first!.submission).toMatchObject({
    submission_id: "swirl-all-1-1",
    entrypoint: `sh swirl_command.sh ${commands[0]!.directory} ${commands[0]!.workingDirectory} swirl ${commands[0]!.words.join(" ")}`,
    entrypoint_num_cpus: 1,
    runtime_env: { env_vars: {} },
    metadata: { swirl_command: "generate calc 1/2", swirl_id: "all-1" },
  })
  expect(second!.submission.submission_id).toBe("swirl-all-2-1")
  expect(lines.filter((line) => line.endsWith("generate calc 10/10"))).toEqual([
    "1/2: generate calc 10/10",
    "2/2: generate calc 10/10",
  ])
  expect(JSON.stringify([...ray.jobs.values(), lines, recordIn(commands[0]!)])).not.toContain("sk-secret")
  const asked = ray.asked.length
  expect(await run(commands, ray)).toEqual([])
  expect(ray.asked).toHaveLength(asked)
})

test("one that has failed is named, and submitted alone when it is given again; so is one that is asked for something else", async () => {
  const ray = await started({
    run: (job) =>
      job.submission.submission_id === "swirl-all-2-1" ? end(job, "FAILED", { logs: "a\nIt broke.\n" }) : end(job),
  })
  const folder = temporaryFolder()
  expect(await run(shardsIn(folder, 3), ray)).toEqual([
    {
      id: "all-2",
      message: expect.stringMatching(/The job swirl-all-2-1 failed .*It broke\..*goes on where it was/s),
    },
  ])
  expect(await run(shardsIn(folder, 3), ray)).toEqual([])
  expect([...ray.jobs.keys()]).toEqual(["swirl-all-1-1", "swirl-all-2-1", "swirl-all-3-1", "swirl-all-2-2"])
  expect(recordIn(shardsIn(folder, 3)[1]!).attempts).toMatchObject([{ status: "FAILED" }, { status: "SUCCEEDED" }])
  expect(await run(shardsIn(folder, 3, ["--samples", "2"]), ray)).toEqual([])
  expect(posts(ray)).toBe(7)
})

test("samples with errors are said as such, by the exit code", async () => {
  const ray = await started({ run: (job) => end(job, "FAILED", { exitCode: 3 }) })
  const [failure] = await run(shardsIn(temporaryFolder(), 1), ray)
  expect(failure!.message).toMatch(/samples that have an error or no score/)
})

test("Ctrl-C lets go of what goes on, once for all; the same command attaches to it and begins no other", async () => {
  const ray = await started({ run: (job) => (job.submission.submission_id === "swirl-all-1-1" ? end(job) : undefined) })
  const folder = temporaryFolder()
  const abort = new AbortController()
  const first = run(shardsIn(folder, 3), ray, { abortSignal: abort.signal }).catch((error: Error) => error)
  await until(() => recordOf(1)?.endedAt !== undefined && lines.includes("3/3: The job is RUNNING."))
  function recordOf(index: number) {
    const path = join(folder, `${index}-of-3`, "job.json")
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).attempts[0] : undefined
  }
  abort.abort(new Error("Stopped."))
  expect(await first).toMatchObject({ message: "Stopped." })
  expect(lines.at(-1)).toMatch(/Let go of the jobs swirl-all-2-1, swirl-all-3-1: they go on at .*swirl jobs/)
  const again = run(shardsIn(folder, 3), ray)
  await until(() => lines.some((line) => line.startsWith("3/3: Attached to the job swirl-all-3-1")))
  for (const job of ray.jobs.values()) if (job.status === "RUNNING") end(job)
  expect(await again).toEqual([])
  expect(posts(ray)).toBe(3)
})

test("Ctrl-C stops them where that is wanted", async () => {
  const ray = await started()
  const abort = new AbortController()
  const environment = { SWIRL_RAY_ON_INTERRUPT: "stop" }
  const running = run(shardsIn(temporaryFolder(), 2), ray, { environment, abortSignal: abort.signal }).catch(() => {})
  await until(() => lines.includes("2/2: The job is RUNNING."))
  abort.abort(new Error("Stopped."))
  await running
  expect([...ray.jobs.values()].map(({ status }) => status)).toEqual(["STOPPED", "STOPPED"])
})

test("one that waits while others have the resources is not stopped for it", async () => {
  let free = true
  const ray = await started({
    run(job) {
      if (!free) Object.assign(job, { status: "PENDING" })
      free = false
    },
  })
  const ended = run(shardsIn(temporaryFolder(), 2), ray, { environment: { SWIRL_RAY_PENDING_MINUTES: "0.001" } })
  await until(() => lines.includes("2/2: The job is PENDING."))
  await new Promise((resolve) => setTimeout(resolve, 300))
  const [first, second] = [...ray.jobs.values()]
  expect(second!.status).toBe("PENDING")
  end(first!)
  // Nobody of ours has them now.
  expect((await ended).map(({ message }) => message)).toEqual([expect.stringMatching(/waited 0.001 minutes/)])
})

test("an id that was used by what has ended is passed over", async () => {
  const ray = await started({ run: end })
  await run(shardsIn(temporaryFolder(), 1), ray)
  expect(await run(shardsIn(temporaryFolder(), 1), ray)).toEqual([])
  expect([...ray.jobs.keys()]).toEqual(["swirl-all-1-1", "swirl-all-1-2"])
})

test("a cluster that nobody may ask, or that is not there, is said once, and nothing is begun", async () => {
  const ray = await started({ token: "right" })
  const folder = temporaryFolder()
  await expect(run(shardsIn(folder, 3), ray)).rejects.toThrow(/set SWIRL_ENGINE_KEY/)
  expect([posts(ray), existsSync(join(folder, "1-of-3", "job.json"))]).toEqual([0, false])
})

it.each([
  ["its run folder", { hide: "job.json" }, /does not see \S+1-of-1\. Client and cluster have to share that folder/],
  [
    "the working directory",
    { workingDirectory: "/nowhere/at/all" },
    /does not see \/nowhere\/at\/all, where the command was given/,
  ],
  ["the command", {}, /has no command swirl-of-nobody\. Install Node .*SWIRL_RAY_SWIRL/],
])(
  "a node without %s says so, before anything is done",
  async (_what, { hide, ...changes }: { hide?: string; workingDirectory?: string }, sentence) => {
    const ray = await started({
      run(job) {
        if (hide) job.submission.entrypoint = job.submission.entrypoint.replace("1-of-1 ", "else/1-of-1 ")
        runEntrypoint(job, {})
      },
    })
    const [command] = shardsIn(temporaryFolder(), 1)
    const environment = { SWIRL_RAY_SWIRL: "swirl-of-nobody" }
    const [failure] = await run([{ ...command!, ...changes }], ray, { environment })
    expect(failure!.message).toMatch(sentence)
  },
)
