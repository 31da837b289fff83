/** Matchers on trajectories and steps. Each failure shows every step: what a test missed is seen without running it again. */
import { type Metrics, needsJudge, type VerdictRecord } from "@swirl-ts/core"
import type { expect } from "vitest"
import { stepLines } from "./step-lines.ts"
import { type Looked, lookAt } from "./task-run.ts"

export interface TrajectoryMatchers<R = unknown> {
  /** A step calls the tool, with these arguments among others where they are given (`toMatchObject`'s way of matching). */
  toCallTool(name: string, input?: object): R
  /** The tools are called in this order; other calls may stand between. */
  toCallTools(names: readonly string[]): R
  /** The answer is this text, or matches this expression, or (with an asymmetric matcher) is like it. */
  toAnswer(expected?: string | RegExp | object): R
  /** Every step could be read and none was cut off, and the trajectory ended with an answer. */
  toFollowProtocol(): R
  /** No tool answered with an error. */
  toHaveNoToolErrors(): R
  /** As many steps at most. */
  toTakeAtMostSteps(most: number): R
  /** The benchmark's score is this or more; default: 1, by its primary metric. */
  toScore(least?: number, metric?: string): R
  /** The judge called every step good. */
  toHaveGoodSteps(): R
  /** The mean of the verdicts (1 is good, 0 is bad; a judge's own score where it gave one) is this or more. */
  toHaveReward(least: number): R
}

interface Judgement {
  pass: boolean
  /** After `expected it`, e.g. `to answer "42"`. */
  wanted: string
  /** What is there in its place. */
  found?: string
}

/** What a matcher is called on. */
type MatcherState = ReturnType<typeof expect.getState>

/** As `expect.extend` takes it. */
type Matcher<Expected extends unknown[]> = (
  this: MatcherState,
  received: unknown,
  ...expected: Expected
) => { pass: boolean; message(): string }

const matcher = <Expected extends unknown[]>(
  name: string,
  judge: (this: MatcherState, looked: Looked, ...expected: Expected) => Judgement,
): Matcher<Expected> =>
  function (this: MatcherState, received: unknown, ...expected: Expected) {
    const looked = lookAt(received, name)
    const { pass, wanted, found } = judge.call(this, looked, ...expected)
    const what = looked.trajectory ? `the trajectory of ${looked.trajectory.taskId}` : "the step"
    return {
      pass,
      message: () =>
        [
          `expected ${what} ${this.isNot ? "not " : ""}${wanted}${found === undefined ? "" : `; ${found}`}`,
          ...stepLines(looked),
        ].join("\n"),
    }
  }

export const trajectoryMatchers = {
  toCallTool: matcher("toCallTool", function ({ steps }, name: string, input?: object) {
    const calls = steps.flatMap(({ call }) => (call ? [call] : []))
    const named = calls.filter(({ tool }) => tool === name)
    const pass = named.some(
      (call) => input === undefined || this.equals(call.input, input, [this.utils.subsetEquality]),
    )
    const given = input === undefined ? "" : ` with ${this.utils.stringify(input, 10, { min: true })}`
    const others = named.length > 0 ? named.map((call) => JSON.stringify(call.input)) : calls.map(({ tool }) => tool)
    const found =
      others.length === 0
        ? "it calls no tool"
        : named.length > 0
          ? `it is called with ${others.join(", ")}`
          : `it calls ${[...new Set(others)].join(", ")}`
    return { pass, wanted: `to call ${name}${given}`, found }
  }),
  toCallTools: matcher("toCallTools", ({ steps }, names: readonly string[]) => {
    const called = steps.flatMap(({ call }) => (call ? [call.tool] : []))
    let next = 0
    for (const tool of called) if (tool === names[next]) next++
    const found = `it calls ${called.join(", ") || "no tool"}`
    return { pass: next === names.length, wanted: `to call ${names.join(", then ")}`, found }
  }),
  toAnswer: matcher("toAnswer", function ({ steps, trajectory }, expected?: string | RegExp | object) {
    const answer = trajectory ? trajectory.answer : steps[0]?.answer
    const pass =
      answer !== undefined &&
      (expected === undefined || (expected instanceof RegExp ? expected.test(answer) : this.equals(answer, expected)))
    const wanted =
      expected === undefined ? "to answer" : `to answer ${this.utils.stringify(expected, 10, { min: true })}`
    return { pass, wanted, found: answer === undefined ? "it gives no answer" : `it answers ${JSON.stringify(answer)}` }
  }),
  toFollowProtocol: matcher("toFollowProtocol", ({ steps, trajectory }) => {
    const broken = steps.filter((step) => !needsJudge(step))
    const ended = trajectory === undefined || trajectory.status === "answered"
    const found =
      broken.length > 0
        ? `of step ${broken.map(({ index }) => index + 1).join(", ")} it cannot be said`
        : ended
          ? undefined
          : `it ended by ${trajectory.status}`
    return { pass: broken.length === 0 && ended, wanted: "to follow the protocol to an answer", found }
  }),
  toHaveNoToolErrors: matcher("toHaveNoToolErrors", ({ steps }) => {
    const failed = steps.filter(({ call, observation }) => call && observation?.isError)
    const found = failed.map(({ index, call }) => `step ${index + 1} (${call!.tool})`).join(", ")
    return { pass: failed.length === 0, wanted: "to have no tool errors", found: found === "" ? undefined : found }
  }),
  toTakeAtMostSteps: matcher("toTakeAtMostSteps", ({ steps }, most: number) => ({
    pass: steps.length <= most,
    wanted: `to take ${most} steps at most`,
    found: `it takes ${steps.length}`,
  })),
  toScore: matcher("toScore", ({ run }, least: number = 1, metric?: string) => {
    const name = metric ?? run?.primaryMetric
    const value = name === undefined ? undefined : run?.metrics[name]
    const wanted = `to score ${least} or more by ${name ?? "a metric"}`
    return {
      pass: value !== undefined && value >= least,
      wanted,
      found: scoreFound(run?.metrics, value, run?.sample.error),
    }
  }),
  toHaveGoodSteps: matcher("toHaveGoodSteps", ({ steps, run }) => {
    const verdicts = verdictsOf(run?.verdicts)
    const bad = verdicts.filter(({ verdict }) => verdict !== "good")
    const found =
      verdicts.length === 0
        ? "nobody judged them: give runTask a judge"
        : `${bad.length} of ${steps.length} are not called good`
    return { pass: verdicts.length > 0 && bad.length === 0, wanted: "to have good steps alone", found }
  }),
  toHaveReward: matcher("toHaveReward", ({ run }, least: number) => {
    const verdicts = verdictsOf(run?.verdicts)
    const unscored = verdicts.filter(({ verdict }) => verdict === "unscored").length
    const rewards = verdicts.map(({ verdict, score }) => score ?? (verdict === "good" ? 1 : 0))
    const reward = rewards.reduce((sum, each) => sum + each, 0) / rewards.length
    const found =
      verdicts.length === 0
        ? "nobody judged it: give runTask a judge"
        : unscored > 0
          ? `${unscored} of its steps have no verdict`
          : `it is ${Number(reward.toFixed(4))}`
    const pass = verdicts.length > 0 && unscored === 0 && reward >= least
    return { pass, wanted: `to have a reward of ${least} or more`, found }
  }),
}

const verdictsOf = (verdicts: readonly VerdictRecord[] = []): readonly VerdictRecord[] => verdicts

function scoreFound(metrics: Metrics | undefined, value: number | undefined, error: string | undefined): string {
  if (!metrics) return "a score is known of what runTask gives alone"
  if (value !== undefined) return `it is ${value}`
  const known = Object.keys(metrics).join(", ")
  return error ?? (known === "" ? "there is nothing to score by: give the answer" : `known are ${known}`)
}
