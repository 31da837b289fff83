import { readFile, writeFile } from "node:fs/promises"
import { sandbox } from "@swirl-ts/bench-sandbox"
import {
  createRegistry,
  definePlugin,
  type Judge,
  type JudgeInput,
  type JudgeVerdict,
  judgeInput,
  ServedVerdictSchema,
  SwirlError,
} from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { benchmarkTools, formats, namedTools, tags } from "@swirl-ts/runner"
import { readRecords } from "@swirl-ts/store"
import { jsonLines, temporaryFolder, testHost, trajectory } from "@swirl-ts/test-support"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { describe, expect, onTestFinished, test } from "vitest"
import { openJudge } from "../judge/open-judge.ts"
import { siblingSets } from "../judge/siblings.ts"
import { type JudgeServiceOptions, Overloaded, openJudgeService } from "./judge-service.ts"

const question = "use calculator . mira has 12 apples . she buys 5 more . how many does she have now ?"
const recorded = ["17", "17", "17", "4"].map((said, index) => ({
  ...trajectory("abcd"[index]!, question, [["12 + 5", "17"], [`=${said}`]]),
  answer: said,
  taskId: "test/a",
}))

type Say = (input: JudgeInput) => JudgeVerdict | Promise<JudgeVerdict>

/** A judge that says what `say` says, and what it was asked. */
function odd(say: Say, timeout?: number) {
  const asked: string[] = []
  const judge: Judge = {
    identity: "odd/1",
    timeout,
    judge: (input) => {
      asked.push(input.action.text)
      return say(input)
    },
  }
  const plugin = definePlugin({
    meta: { name: "odd", version: "1.0.0", apiVersion: 1 },
    judges: { odd: { description: "", create: () => judge } },
  })
  return { plugin, asked }
}

async function opened(say: Say, options: Partial<JudgeServiceOptions> = {}, timeout?: number) {
  const { plugin, asked } = odd(say, timeout)
  const directory = temporaryFolder({ "trajectories.jsonl": jsonLines(recorded) })
  const registry = createRegistry([sandbox(), calculator(), search(), judges(), formats(), plugin])
  const context = { registry, host: testHost(), directory, seed: 1, concurrency: 4 }
  const open = () => openJudgeService(context, { judge: "odd", batch: 8, batchWait: 1, queue: 100, ...options })
  const service = await open()
  onTestFinished(() => service.close())
  const ask = (...turns: string[]) =>
    service.verdicts(turns.map((turn) => ({ state: service.states.named("a/0"), completion: { turn } })))
  const records = () => Array.fromAsync(readRecords(service.records, ServedVerdictSchema))
  return { context, service, ask, asked, records, open }
}
const answer = (text: string): string => `<answer>${text}</answer>`

describe("a verdict", () => {
  test("of no verdict is neither 0 nor kept as one: it is on record, and asked for again", async () => {
    let isAway = true
    const { ask, asked, records, service } = await opened(() => {
      if (isAway) throw new Error("the model is away")
      return { verdict: "good", score: 0.75, reason: "now" }
    })
    expect(await ask(answer("17"))).toMatchObject([{ verdict: "unscored", reward: undefined, cached: false }])
    await ask(answer("17"))
    isAway = false
    expect(await ask(answer("17"))).toMatchObject([{ verdict: "good", reward: 0.75, cached: false }])
    expect(await ask(answer("17"))).toMatchObject([{ verdict: "good", reward: 0.75, cached: true }])
    expect(asked).toHaveLength(3)
    const all = await records()
    expect(all.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["unscored", "the judge failed: the model is away"],
      ["unscored", "the judge failed: the model is away"],
      ["good", "now"],
    ])
    expect(new Set(all.map(({ key }) => key)).size).toBe(1)
    expect(service.counts).toMatchObject({ asked: 4, good: 2, bad: 0, unscored: 2, failed: 0, cached: 1, judged: 3 })
  })

  test("on equal actions at equal states is made once, whoever asks and however often at once", async () => {
    const { ask, asked, service, records } = await opened(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { verdict: "good", reason: "" }
    })
    const [first, second] = await Promise.all([ask(answer("1"), answer("1"), answer("2")), ask(answer("1"))])
    expect([...first, ...second].map(({ cached }) => cached)).toEqual([false, true, false, true])
    // The same question, prompt and steps in another trajectory.
    await service.verdicts([{ state: service.states.named("b/0"), completion: { turn: answer("1") } }])
    expect(asked).toEqual([answer("1"), answer("2")])
    await service.verdicts([{ state: service.states.named("b/1"), completion: { turn: answer("1") } }])
    expect(asked).toHaveLength(3)
    expect((await records()).map(({ trajectoryId, step }) => `${trajectoryId}/${step}`)).toEqual(["a/0", "a/0", "b/1"])
    expect(service.counts).toMatchObject({ asked: 6, cached: 3, judged: 3 })
  })

  test("on what is malformed or cut off is bad, and no judge is asked", async () => {
    const { service, asked, records } = await opened(() => ({ verdict: "good", reason: "" }))
    const state = service.states.named("a/0")
    const given = await service.verdicts([
      { state, completion: { turn: "neither" } },
      { state, completion: { turn: answer("1"), truncated: true } },
    ])
    expect(given.map(({ kind, reward }) => [kind, reward])).toEqual([
      ["malformed", 0],
      ["cut-off", 0],
    ])
    expect(asked).toEqual([])
    expect((await records()).map(({ kind }) => kind)).toEqual(["malformed", "cut-off"])
  })

  test("that fails for every action alike is none: all of the request is refused, and nothing is on record", async () => {
    const { ask, records, service } = await opened(() => {
      throw new SwirlError("The key is wrong.", { kind: "usage" })
    })
    await expect(ask("neither", answer("1"))).rejects.toThrow("The key is wrong.")
    expect(service.counts).toMatchObject({ asked: 2, failed: 2, good: 0, bad: 0, unscored: 0 })
    expect((await records()).map(({ kind }) => kind)).toEqual(["malformed"])
  })

  test("is that of the judge that trains, siblings and executed calls included", async () => {
    const { context } = await opened(() => ({ verdict: "good", reason: "" }))
    const turns = ["<math_exp>12 + 5</math_exp>", "<math_exp>99 * 3</math_exp>", answer("17"), answer("4")]
    for (const judge of ["grounded", "consensus", "grounded+consensus"]) {
      const service = await openJudgeService(context, { judge, batch: 2, batchWait: 1, queue: 100 })
      const asked = turns.flatMap((turn) =>
        ["a/0", "a/1"].map((row) => ({ state: service.states.named(row), completion: { turn } })),
      )
      const given = await service.verdicts(asked)
      await service.close()
      const trains = openJudge(context, judge)
      const tools = namedTools(benchmarkTools(context.registry, context.registry.resolve("benchmarks", "calc").value))
      const verdicts = await trains.verdicts(
        asked.map(({ state: { trajectory, step }, completion: { turn } }) => {
          const text = turn as string
          const action = tags.parse({ text, toolCalls: [], finishReason: "stop" }, tools)
          const { taskId, benchmark, split } = trajectory
          return { input: { ...judgeInput(trajectory, step), action: { text, action } }, taskId, benchmark, split }
        }),
        siblingSets(recorded),
      )
      await trains.close()
      expect(given.map(({ verdict, reason, score }) => ({ verdict, reason, score }))).toEqual(
        verdicts.map(({ verdict, reason, score }) => ({ verdict, reason, score })),
      )
      expect(new Set(verdicts.map(({ verdict }) => verdict)).size).toBeGreaterThan(1)
    }
  })
})

describe("the limits", () => {
  test("more than may wait are turned away whole, and what is known is not", async () => {
    let go = (): void => undefined
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const { ask, service } = await opened(
      async () => {
        await held
        return { verdict: "good", reason: "" }
      },
      { queue: 2 },
    )
    await expect(ask(answer("1"), answer("2"), answer("3"))).rejects.toThrow(Overloaded)
    const waiting = ask(answer("1"), answer("2"))
    await expect(ask(answer("4"))).rejects.toMatchObject({ retryAfter: 1 })
    const joined = ask(answer("1"))
    go()
    expect([...(await waiting), ...(await joined)]).toHaveLength(3)
    expect(await ask(answer("4"))).toHaveLength(1)
    expect(service.counts.asked).toBe(4)
  })

  test("a rate is for new actions; who comes later than told is answered", async () => {
    const { ask } = await opened(() => ({ verdict: "good", reason: "" }), { rate: 2 })
    await ask(answer("1"), answer("2"))
    await expect(ask(answer("3"))).rejects.toMatchObject({ retryAfter: 1 })
    expect(await ask(answer("1"))).toMatchObject([{ cached: true }])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await ask(answer("3"))).toMatchObject([{ cached: false }])
  })
})

test("one service a judge and run folder; its verdicts are those of the next, and a torn last line is cut off", async () => {
  const { ask, service, open, asked } = await opened(() => ({ verdict: "bad", reason: "" }))
  await ask(answer("1"), answer("2"))
  await expect(open()).rejects.toThrow(/is being written by this process itself/)
  await service.close()
  const whole = await readFile(service.records, "utf8")
  await writeFile(service.records, whole.slice(0, -20))
  const next = await open()
  const state = next.states.named("a/0")
  const given = await next.verdicts([answer("1"), answer("2")].map((turn) => ({ state, completion: { turn } })))
  await next.close()
  expect(given.map(({ cached }) => cached)).toEqual([true, false])
  expect(asked).toHaveLength(3)
  expect((await readFile(service.records, "utf8")).trim().split("\n")).toHaveLength(2)
})
