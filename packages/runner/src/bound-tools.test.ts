import type { Tool, ToolContext } from "@swirl-ts/core"
import { fakeModel, testHost } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { answer, benchmark, calculator, call, honest, makeTasks, settings } from "../test/sums.ts"
import { bindTools } from "./bound-tools.ts"
import { runTrajectory } from "./trajectory.ts"

const [task, other] = makeTasks(2) as [{ id: string; question: string }, { id: string; question: string }]

it("binds a tool to the passages and the options of its benchmark, under short and full names", async () => {
  const bound: unknown[] = []
  const search: Tool = {
    ...calculator,
    bind: (context) => {
      bound.push(context)
      return calculator
    },
  }
  const corpus = { id: "all", passages: () => [] }
  const tasks = { ...benchmark, tools: [{ name: "tools-search/search", options: { count: 1 } }], corpus: () => corpus }
  const asking = { fullName: "sums/sums", value: tasks }
  const tools = await bindTools({ search, calculator }, asking, makeTasks(1)[0]!)
  expect(tools.search).toBe(calculator)
  expect(bound).toEqual([{ corpus, options: { count: 1 } }])
})

/** A tool that counts what is bound and disposed; `dispose` may do something else, too. */
function counting(dispose: () => void | Promise<void> = () => {}) {
  const bound: ToolContext[] = []
  const disposed: number[] = []
  const tool: Tool = {
    ...calculator,
    bind: (context) => {
      const number = bound.push(context)
      return {
        ...calculator,
        dispose() {
          disposed.push(number)
          return dispose()
        },
      }
    },
    dispose: () => expect.fail("what was not bound is not disposed"),
  }
  return { tool, bound, disposed }
}

it("tells a tool task, split and a seed that is its own for every task and sample, and the same in every run", async () => {
  const { tool, bound } = counting()
  const model = fakeModel(honest)
  const run = (which: typeof task, epoch: number, seed = 7) =>
    runTrajectory({ ...settings(model, { seed }), tools: { calculator: tool }, task: which, epoch })
  for (const [which, epoch, seed] of [
    [task, 0],
    [task, 1],
    [other, 0],
    [task, 0],
    [task, 0, 8],
  ] as const)
    await run(which, epoch, seed)
  expect(bound.map(({ taskId, split }) => [taskId, split])).toEqual(
    ["test/0", "test/0", "test/1", "test/0", "test/0"].map((id) => [id, "test"]),
  )
  const seeds = bound.map(({ seed }) => seed)
  expect(seeds[3]).toBe(seeds[0])
  expect(new Set(seeds).size).toBe(4)
})

it("disposes what was bound when its trajectory ends: by an answer, a limit, an error, an abort", async () => {
  const stop = new AbortController()
  for (const [reply, status, abortSignal] of [
    [answer("1"), "answered"],
    ["hm", "step-limit"],
    [new Error("broken"), "error"],
    [call("1 + 1"), undefined, stop.signal],
  ] as const) {
    const { tool, disposed } = counting()
    const model = fakeModel(() => {
      if (reply instanceof Error) throw reply
      if (abortSignal) stop.abort(new Error("enough"))
      return reply
    })
    const run = runTrajectory({ ...settings(model), tools: { calculator: tool }, task, abortSignal })
    if (status) expect((await run).status).toBe(status)
    else await expect(run).rejects.toThrow("enough")
    expect(disposed).toEqual([1])
  }
})

it("leaves a tool that is bound to nothing as it is: it goes on to other tasks", async () => {
  const shared: Tool = { ...calculator, dispose: () => expect.fail("it was not bound") }
  const host = testHost()
  const services = { host, openEmbedder: () => expect.fail(), openRetriever: () => expect.fail() }
  const s = settings(fakeModel(honest), { tools: { calculator: shared }, services })
  expect((await runTrajectory({ ...s, task })).status).toBe("answered")
  expect(host.lines).toEqual([])
})

it("disposes the tools that were bound before one that cannot be", async () => {
  const { tool, disposed } = counting()
  const broken: Tool = { ...calculator, bind: () => Promise.reject(new Error("no passages")) }
  const s = settings(fakeModel(honest))
  await expect(bindTools({ tool, broken }, s.benchmark, task)).rejects.toThrow("no passages")
  expect(disposed).toEqual([1])
})

it("says what cannot be disposed, or hangs, by the tool's name, and changes nothing else", async () => {
  for (const [dispose, said] of [
    [() => Promise.reject(new Error("stuck")), "The tool calculator could not be disposed: stuck"],
    [() => new Promise<void>(() => {}), "The tool calculator could not be disposed: it did not end within 2 s"],
  ] as const) {
    const host = testHost()
    const { tool } = counting(dispose)
    const services = { host, openEmbedder: () => expect.fail(), openRetriever: () => expect.fail() }
    const s = settings(fakeModel(honest), { tools: { calculator: tool }, services })
    expect((await runTrajectory({ ...s, task })).status).toBe("answered")
    expect(host.lines).toEqual([said])
  }
})
