/**
 * The numbers of the README: `grounded` against the sandbox's oracle on its demonstrations, and on GSM8K's own solutions.
 * node_modules/node/bin/node -C @swirl-ts/source packages/judges/scripts/measure-grounded.ts
 */
import { existsSync, readFileSync } from "node:fs"
import { judgeOptions, planJudge, sandboxTask, world } from "@swirl-ts/bench-sandbox"
import {
  clean,
  demonstrate,
  impatientMixture,
  impatientPersona,
  type Respond,
} from "@swirl-ts/bench-sandbox/demonstration"
import {
  type Action,
  callTool,
  judgeInput,
  random,
  seedFrom,
  type Tool,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { confusion, type JudgedVerdict, type Rate } from "@swirl-ts/stats"
import { searchTool } from "@swirl-ts/tools-search"
import { grounded } from "../src/index.ts"
import { solutions } from "../test/gsm8k.ts"

const percent = (rate: Rate | undefined): string =>
  rate ? `${(100 * rate.value).toFixed(1)} (${(100 * rate.ci[0]).toFixed(1)} to ${(100 * rate.ci[1]).toFixed(1)})` : "-"

const search = searchTool()
const bound = new Map<string, Promise<Tool>>()
const respond: Respond = async (task, action) => {
  if (action.kind !== "tool") return "error : bad call"
  if (action.tool === "calculator") return `${action.query} -> ${calculated(action.query)}`
  if (task.world === undefined) return `${action.query} -> error`
  const options = { format: "text", count: 1, titleWeight: 2 }
  const tool = bound.get(task.world) ?? Promise.resolve(search.bind({ corpus: world(task.world).corpus, options }))
  bound.set(task.world, tool)
  const { text } = await callTool(await tool, { query: action.query }, { toolCallId: "", messages: [] })
  return `${action.query} -> ${text}`
}

function calculated(expression: string): number {
  const [left, sign, right] = expression.split(" ")
  const [a, b] = [Number(left), Number(right)]
  return sign === "+" ? a + b : sign === "-" ? a - b : sign === "*" ? a * b : a / b
}

for (const domain of ["calc", "lookup", "mixed"] as const) {
  for (const [name, manner] of Object.entries({ clean, impatientPersona, impatientMixture })) {
    for (const repeatedNumbers of domain === "calc" ? (["first", "each"] as const) : (["first"] as const)) {
      const judge = grounded({
        ...judgeOptions.grounded,
        benchmark: `bench-sandbox/${domain}`,
        seed: 0,
        repeatedNumbers,
      })
      const oracle = planJudge()
      const ours: JudgedVerdict[] = []
      const theirs: JudgedVerdict[] = []
      for (let index = 0; index < 800; index++) {
        const task = sandboxTask(domain, "train", index)
        const { prompt, steps } = await demonstrate(task, random(seedFrom("calibrate", domain, index)), manner, respond)
        const trajectory = { prompt: [userMessage(prompt)], steps: steps.map(recorded) }
        for (const step of trajectory.steps) {
          const input = judgeInput(trajectory, step.index)
          ours.push((await judge.judge(input)).verdict)
          theirs.push((await oracle.judge(input, task)).verdict)
        }
      }
      const { n, agreement, falsePositiveRate, falseNegativeRate } = confusion(ours, theirs)
      console.log(
        `${domain} ${name} ${repeatedNumbers}: ${n} steps, agreement ${percent(agreement)}, bad steps passed ${percent(falsePositiveRate)}, good steps rejected ${percent(falseNegativeRate)}`,
      )
    }
  }
}

function recorded(
  { turn, action, reply }: { turn: string; action: Action; reply?: string },
  index: number,
): Trajectory["steps"][number] {
  const call = action.kind === "tool" ? { call: { tool: action.tool, input: action.input, query: action.query } } : {}
  const answer = action.kind === "answer" ? { answer: action.answer } : {}
  const observation =
    reply === undefined ? {} : { observation: { text: reply, isError: /^error|-> error/.test(reply) } }
  return { index, kind: action.kind, text: turn, ...call, ...answer, ...observation, finishReason: "stop" }
}

const file = new URL("../../../../shared/data/gsm8k/raw/test.jsonl", import.meta.url)
if (!existsSync(file)) console.log("GSM8K: shared/data is not here, left out")
else {
  const judge = grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 0 })
  const rates = { calls: [0, 0], answers: [0, 0], "whole solutions": [0, 0] }
  const count = (name: keyof typeof rates, good: boolean) => {
    rates[name][0]! += Number(good)
    rates[name][1]! += 1
  }
  for (const trajectory of solutions(readFileSync(file, "utf8"))) {
    let whole = true
    for (const { index, kind } of trajectory.steps) {
      const good = (await judge.judge(judgeInput(trajectory, index))).verdict === "good"
      count(kind === "answer" ? "answers" : "calls", good)
      whole &&= good
    }
    count("whole solutions", whole)
  }
  for (const [name, [good, n]] of Object.entries(rates))
    console.log(`GSM8K test, ${name} passed: ${good} of ${n} (${((100 * good!) / n!).toFixed(1)} %)`)
}
