import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { type ResponseRecord, SwirlError, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import { ended, fakeModel, lines, startChild, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { answer, byTask, honest, makeTasks, rolloutPaths, settings, tokenModel } from "../test/sums.ts"
import { openRolloutFiles } from "./files.ts"
import { type Progress, type RolloutOptions, type RolloutResult, rollout } from "./rollout.ts"

async function collect(options: RolloutOptions): Promise<{ result: RolloutResult; trajectories: Trajectory[] }> {
  const trajectories: Trajectory[] = []
  const result = await rollout({ ...options, onTrajectory: (trajectory) => void trajectories.push(trajectory) })
  return { result, trajectories: byTask(trajectories) }
}

async function onDisk(folder: string): Promise<Trajectory[]> {
  const all: Trajectory[] = []
  for await (const record of readRecords(rolloutPaths(folder).trajectories, TrajectorySchema)) all.push(record)
  return all
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe("many at once", () => {
  it("gives the same trajectories at every concurrency and in every order of completion", async () => {
    const slow = (spread: number) =>
      fakeModel(async (options) => {
        await pause((options.seed! % spread) / 10)
        return honest(options).replace("so", `so ${options.seed}`)
      })
    const tasks = makeTasks(12)
    const one = await collect({ ...settings(slow(1)), tasks, samples: 2, concurrency: 1 })
    const many = await collect({ ...settings(slow(50)), tasks: [...tasks].reverse(), samples: 2, concurrency: 7 })
    expect(many.trajectories).toEqual(one.trajectories)
    expect(one.trajectories.map((trajectory) => trajectory.epoch).slice(0, 4)).toEqual([0, 1, 0, 1])
  })

  it("never has more in flight than allowed, and uses all that is allowed", async () => {
    let inFlight = 0
    let most = 0
    const model = fakeModel(async (options) => {
      most = Math.max(most, ++inFlight)
      await pause(1)
      inFlight--
      return honest(options)
    })
    await rollout({ ...settings(model), tasks: makeTasks(30), concurrency: 5 })
    expect(most).toBe(5)
  })

  it("takes tasks from a stream only as fast as it works them off", async () => {
    let taken = 0
    async function* stream() {
      for (const task of makeTasks(50)) {
        taken++
        yield task
      }
    }
    let ahead = 0
    let done = 0
    await rollout({
      ...settings(fakeModel(honest)),
      tasks: stream(),
      concurrency: 3,
      onTrajectory: () => {
        ahead = Math.max(ahead, taken - ++done)
      },
    })
    expect(done).toBe(50)
    expect(ahead).toBeLessThanOrEqual(5)
  })

  it("counts as it goes, errors and malformed steps included, and one failure stops no other", async () => {
    const model = fakeModel((options, step) => {
      if (options.prompt[0] && JSON.stringify(options.prompt[0]).includes("what is 3 +")) throw new Error("broke")
      return step === 0 ? "hm" : answer("1")
    })
    const seen: Progress[] = []
    const result = await rollout({
      ...settings(model),
      tasks: makeTasks(6),
      onProgress: (progress) => seen.push(progress),
    })
    expect(result).toMatchObject({
      done: 6,
      total: 6,
      answered: 5,
      errors: 1,
      malformed: 5,
      steps: 10,
      outputTokens: 50,
    })
    expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6])
    expect(result.aborted).toBe(false)
  })

  it("refuses a benchmark that gives an id twice", async () => {
    const tasks = [...makeTasks(2), ...makeTasks(1)]
    await expect(rollout({ ...settings(fakeModel(honest)), tasks })).rejects.toThrow('the task id "test/0" twice')
  })

  it("ends everything at a usage error, at once", async () => {
    let calls = 0
    const model = fakeModel(() => {
      calls++
      throw new SwirlError("wrong key", { kind: "usage" })
    })
    await expect(rollout({ ...settings(model), tasks: makeTasks(100), concurrency: 4 })).rejects.toThrow("wrong key")
    expect(calls).toBeLessThanOrEqual(4)
  })
})

describe("resuming", () => {
  it("does not ask again for what is on disk, and tries errors again", async () => {
    const folder = temporaryFolder()
    let broken = true
    const model = fakeModel((options) => {
      const third = JSON.stringify(options.prompt[0]).includes("what is 3 +")
      if (broken && third && options.prompt.length > 1) throw new Error("broke")
      return honest(options)
    })
    const run = async () => {
      const files = await openRolloutFiles(rolloutPaths(folder))
      const result = await rollout({ ...settings(model), ...files, tasks: makeTasks(6) })
      await files.close()
      return result
    }
    expect(await run()).toMatchObject({ done: 6, errors: 1, resumed: 0 })
    expect(await onDisk(folder)).toHaveLength(6)
    const asked = model.calls.length
    broken = false
    expect(await run()).toMatchObject({ done: 6, errors: 0, resumed: 5, answered: 6 })
    // The first response of the broken one was recorded; only its second had to be asked for.
    expect(model.calls.length - asked).toBe(1)
    expect(new Set((await onDisk(folder)).map(({ id }) => id)).size).toBe(6)
    expect((await onDisk(folder)).every(({ status }) => status === "answered")).toBe(true)
    expect(await readFile(rolloutPaths(folder).attempts, "utf8")).toContain("broke")
  })

  it("hands out what was there already, and does more samples when asked for more", async () => {
    const folder = temporaryFolder()
    const model = fakeModel(honest)
    const run = async (samples: number) => {
      const files = await openRolloutFiles(rolloutPaths(folder))
      const outcome = await collect({ ...settings(model), ...files, tasks: makeTasks(4), samples })
      await files.close()
      return outcome
    }
    await run(1)
    const { result, trajectories } = await run(3)
    expect(result).toMatchObject({ done: 12, resumed: 4 })
    expect(trajectories).toHaveLength(12)
  })

  it("keeps responses of what is under way or has failed, and no others", async () => {
    const folder = temporaryFolder()
    let broken = true
    const model = fakeModel((options) => {
      const third = JSON.stringify(options.prompt[0]).includes("what is 3 +")
      if (broken && third && options.prompt.length > 1) throw new Error("broke")
      return honest(options)
    })
    const files = await openRolloutFiles(rolloutPaths(folder))
    const { responses } = files
    let most = 0
    const onTrajectory = () => {
      most = Math.max(most, responses!.size)
    }
    await rollout({ ...settings(model), ...files, tasks: makeTasks(60), concurrency: 4, onTrajectory })
    expect(most).toBeGreaterThan(0)
    // Two turns each of the four under way, and the failed one's first.
    expect(most).toBeLessThanOrEqual(2 * 4 + 1)
    await files.close()
    const kept = (await readFile(rolloutPaths(folder).responses, "utf8")).trim().split("\n")
    const failed = (await onDisk(folder)).find(({ status }) => status === "error")
    expect(kept.map((line) => (JSON.parse(line) as ResponseRecord).trajectoryId)).toEqual([failed?.id])
    broken = false
    const again = await openRolloutFiles(rolloutPaths(folder))
    const asked = model.calls.length
    await rollout({ ...settings(model), ...again, tasks: makeTasks(60) })
    await again.close()
    expect(model.calls.length - asked).toBe(1)
    expect(existsSync(rolloutPaths(folder).responses)).toBe(false)
  })

  it("pays for no recorded response twice when it was killed", async () => {
    const folder = temporaryFolder()
    const child = startChild(new URL("../test/rollout-child.ts", import.meta.url), folder, "each")
    await lines(child, 30)
    child.kill("SIGKILL")
    await ended(child)
    const responses = (await readFile(rolloutPaths(folder).responses, "utf8")).split("\n").length - 1
    expect(responses).toBeGreaterThan(10)
    expect(responses).toBeLessThan(80)
    const model = fakeModel(honest)
    const files = await openRolloutFiles(rolloutPaths(folder))
    await rollout({ ...settings(model), ...files, tasks: makeTasks(40) })
    await files.close()
    expect(model.calls.length + responses).toBeLessThanOrEqual(80 + 1)
    expect(model.calls.length + responses).toBeGreaterThanOrEqual(80)
    const clean = await collect({ ...settings(fakeModel(honest)), tasks: makeTasks(40) })
    expect(byTask(await onDisk(folder))).toEqual(clean.trajectories)
  })
})

describe("blocks, for models that keep token ids", () => {
  const write = (options: Parameters<typeof honest>[0], seed: number) => ({
    text: honest(options).replace("so", `so${seed % 9}`),
  })

  it("works block by block in task order, and writes each block whole", async () => {
    const folder = temporaryFolder()
    const files = await openRolloutFiles(rolloutPaths(folder), "block")
    const sizes: number[] = []
    const model = tokenModel(write)
    const options = { ...settings(model), ...files, tasks: makeTasks(20), blockSize: 8, concurrency: 3 }
    await rollout({ ...options, onTrajectory: async () => void sizes.push((await onDisk(folder)).length) })
    await files.close()
    expect([...new Set(sizes)]).toEqual([8, 16, 20])
    expect((await onDisk(folder)).map(({ taskId }) => taskId)).toEqual(makeTasks(20).map(({ id }) => id))
  })

  it("repeats a torn block as a whole and leaves whole blocks alone", async () => {
    const folder = temporaryFolder()
    const tasks = makeTasks(16)
    const part = await openRolloutFiles(rolloutPaths(folder), "block")
    await rollout({ ...settings(tokenModel(write)), ...part, tasks: tasks.slice(0, 11), blockSize: 8 })
    await part.close()
    const before = await onDisk(folder)
    const model = tokenModel(write)
    const files = await openRolloutFiles(rolloutPaths(folder), "block")
    const result = await rollout({ ...settings(model), ...files, tasks, blockSize: 8 })
    await files.close()
    expect(result).toMatchObject({ done: 16, resumed: 11 })
    expect(new Set(model.calls.map(({ seed }) => seed)).size).toBe(16)
    const after = await onDisk(folder)
    expect(after.slice(0, 11)).toEqual(before)
    expect(after).toHaveLength(16)
  })

  it("gives the same file, byte by byte, whether it was killed or not", async () => {
    const [killed, clean] = [temporaryFolder(), temporaryFolder()]
    const first = startChild(new URL("../test/rollout-child.ts", import.meta.url), killed, "block")
    await lines(first, 40)
    first.kill("SIGKILL")
    await ended(first)
    for (const folder of [killed, clean]) {
      const child = startChild(new URL("../test/rollout-child.ts", import.meta.url), folder, "block")
      await ended(child)
      expect(child.output()).toContain("done")
    }
    const [one, other] = await Promise.all(
      [killed, clean].map((folder) => readFile(rolloutPaths(folder).trajectories, "utf8")),
    )
    expect(one!.split("\n")).toHaveLength(41)
    expect(one === other).toBe(true)
  })
})

describe("ending early", () => {
  it("finishes what is in flight at a stop, takes nothing new, and goes on when run again", async () => {
    const folder = temporaryFolder()
    const stop = new AbortController()
    const model = fakeModel(async (options) => {
      await pause(2)
      if (model.calls.length >= 9) stop.abort()
      return honest(options)
    })
    const files = await openRolloutFiles(rolloutPaths(folder))
    const options = { ...settings(model), ...files, tasks: makeTasks(30), concurrency: 4 }
    const result = await rollout({ ...options, stopSignal: stop.signal })
    expect(result.aborted).toBe(true)
    expect(result.answered).toBe(result.done)
    expect(result.done).toBeLessThan(20)
    expect(files.trajectories.size).toBe(result.done)
    expect(await rollout(options)).toMatchObject({ done: 30, resumed: result.done, aborted: false })
    await files.close()
  })

  it("keeps responses that come soon after an abort, begins nothing more, and goes on from them", async () => {
    const folder = temporaryFolder()
    const abort = new AbortController()
    const model = fakeModel(async (options) => {
      const turn = model.calls.length
      if (turn === 10) abort.abort(new Error("enough"))
      // Each ends at another time, and the first that ends does not end the others.
      await pause(20 * (1 + (turn % 4)))
      options.abortSignal?.throwIfAborted()
      return honest(options)
    })
    const options = { ...settings(model), tasks: makeTasks(30), concurrency: 4 }
    const stopped = await openRolloutFiles(rolloutPaths(folder))
    const before = await rollout({ ...options, ...stopped, abortSignal: abort.signal })
    await stopped.close()
    expect(before).toMatchObject({ aborted: true, errors: 0 })
    expect(model.calls).toHaveLength(10)
    const files = await openRolloutFiles(rolloutPaths(folder))
    const kept = [...files.trajectories.ids].length
    expect(files.responses!.size + 2 * kept).toBe(10)
    await rollout({ ...options, ...files })
    await files.close()
    const unbroken = fakeModel(honest)
    await rollout({ ...options, model: unbroken })
    expect(model.calls).toHaveLength(unbroken.calls.length)
  })

  it("waits no longer than its grace for requests in flight after an abort", async () => {
    const folder = temporaryFolder()
    const abort = new AbortController()
    const model = fakeModel(({ abortSignal }) => {
      abort.abort(new Error("enough"))
      return new Promise((_resolve, reject) =>
        abortSignal!.addEventListener("abort", () => reject(abortSignal!.reason)),
      )
    })
    const files = await openRolloutFiles(rolloutPaths(folder))
    const started = performance.now()
    const options = { ...settings(model), ...files, tasks: makeTasks(3), abortSignal: abort.signal, grace: 100 }
    expect(await rollout(options)).toMatchObject({ aborted: true, done: 0, errors: 0 })
    expect(performance.now() - started).toBeLessThan(2000)
    await files.close()
  })

  it("drops what is in flight at an abort and records none of it as an error", async () => {
    const folder = temporaryFolder()
    const abort = new AbortController()
    const model = fakeModel((options) => {
      if (model.calls.length < 10) return honest(options)
      abort.abort()
      return new Promise((_resolve, reject) => {
        if (options.abortSignal!.aborted) reject(options.abortSignal!.reason)
        options.abortSignal!.addEventListener("abort", () => reject(options.abortSignal!.reason))
      })
    })
    const files = await openRolloutFiles(rolloutPaths(folder))
    const result = await rollout({
      ...settings(model),
      ...files,
      tasks: makeTasks(30),
      concurrency: 4,
      abortSignal: abort.signal,
      grace: 50,
    })
    expect(result).toMatchObject({ aborted: true, errors: 0 })
    expect((await onDisk(folder)).every(({ status }) => status === "answered")).toBe(true)
    await files.close()
  })

  it("stops at a failing disk, aborts the rest, and says what the disk said", async () => {
    const folder = temporaryFolder()
    const files = await openRolloutFiles(rolloutPaths(folder))
    let appended = 0
    const trajectories = {
      ...files.trajectories,
      append: async (record: Trajectory) => {
        if (++appended === 3) throw new SwirlError("the disk is full")
        return files.trajectories.append(record)
      },
    }
    const model = fakeModel(honest)
    await expect(rollout({ ...settings(model), trajectories, tasks: makeTasks(100), concurrency: 2 })).rejects.toThrow(
      "the disk is full",
    )
    expect(model.calls.length).toBeLessThan(12)
    await files.close()
  })
})
