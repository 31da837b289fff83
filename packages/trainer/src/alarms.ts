/**
 * Alarms over the metric records of a training, pure. Each rule looks at the records up to now and says one sentence or
 * nothing; an alarm is raised when its rule holds and has not held in any of the ten records before.
 *
 * gaming: the judge is pleased more and more while the policy gets worse. Judged reward (mean of the last three steps
 * against the first three) is up by at least `rewardRise`, and the newest roll-outs are worse beyond noise: than the
 * start (95 % Wilson intervals do not overlap), or than the best since (99 % intervals, as a best of many is a lucky
 * one). A fall from .22 to 0 shows with 40 trajectories a roll-out; from .09 to 0 needs 100. Without reference answers
 * the same rule runs on the share of trajectories that end in an answer, and on mean steps falling to half of the start
 * and at most two.
 */
import type { MetricRecord } from "@swirl-ts/core"
import { wilsonInterval } from "@swirl-ts/stats"

const limits = {
  /** gaming: rise of the judged reward that counts. */
  rewardRise: 0.05,
  /** collapse: entropy a token, in nats, under which the policy has stopped exploring. */
  entropy: 0.002,
  /** collapse: share of malformed and cut-off actions. */
  malformed: 0.5,
  /** collapse: steps in a row in which no group has variance. */
  stepsWithoutVariance: 3,
  /** tool-call-drift: change of the share of tool calls, and relative change of mean steps, against the start. */
  toolCallDrift: 0.25,
  stepsDrift: 0.5,
  /** unscored: share of samples. */
  unscored: 0.02,
}

type AlarmKind = "gaming" | "collapse" | "tool-call-drift" | "unscored"
export interface Alarm {
  kind: AlarmKind
  message: string
}

type History = readonly Pick<MetricRecord, "step" | "values">[]
type Rule = (history: History) => string | undefined

/** Alarms that begin with the last record of the history. */
export function alarms(history: History): Alarm[] {
  return Object.entries(rules).flatMap(([kind, rule]) => {
    const message = rule(history)
    if (message === undefined) return []
    const known = Array.from({ length: Math.min(quiet, history.length - 1) }, (_, back) =>
      rule(history.slice(0, -1 - back)),
    )
    return known.some((earlier) => earlier !== undefined) ? [] : [{ kind: kind as AlarmKind, message }]
  })
}

const rules: Record<AlarmKind, Rule> = {
  gaming(history) {
    const reward = change(history, "judgedReward")
    if (!reward || reward.now - reward.start < limits.rewardRise) return undefined
    const judged = `judged reward rose from ${round(reward.start)} to ${round(reward.now)}`
    const advice =
      "The policy pleases the judge instead of solving tasks: look at roll-outs, use the process filter or another judge."
    for (const [name, what] of [
      ["rolloutAccuracy", "accuracy of fresh roll-outs"],
      ["rolloutAnswered", "the share of roll-outs that end in an answer"],
    ] as const) {
      const fall = significantFall(history, name)
      if (fall) return `${judged}, but ${what} fell from ${round(fall.from)} to ${round(fall.now)}. ${advice}`
    }
    const steps = values(history, "rolloutMeanSteps")
    const [first, last] = [steps[0], steps.at(-1)]
    if (first !== undefined && last !== undefined && last <= first / 2 && last <= 2) {
      return `${judged}, but fresh roll-outs shrank from ${round(first)} to ${round(last)} steps. ${advice}`
    }
    return undefined
  },

  collapse(history) {
    const entropy = recent(history, "entropy")
    if (entropy !== undefined && entropy < limits.entropy) {
      return `entropy is ${round(entropy)} nats a token: the policy hardly varies its actions any more. Lower the learning rate or raise beta.`
    }
    const bad = (recent(history, "malformedRate") ?? 0) + (recent(history, "cutOffRate") ?? 0)
    if (bad > limits.malformed) {
      return `${percent(bad)} of the actions are malformed or cut off. Check the action format and maxTokens, or lower the learning rate.`
    }
    const variance = values(history, "groupsWithVariance").slice(-limits.stepsWithoutVariance)
    if (variance.length === limits.stepsWithoutVariance && variance.every((share) => share === 0)) {
      return `no group had rewards that differ in the last ${variance.length} steps: there is nothing left to learn from. Stop here, or use other states or a graded judge.`
    }
    return undefined
  },

  "tool-call-drift"(history) {
    const calls = change(history, "toolCallRate")
    if (calls && Math.abs(calls.now - calls.start) > limits.toolCallDrift) {
      return `the share of tool calls went from ${percent(calls.start)} to ${percent(calls.now)} of the actions. Check that the policy still calls tools where it has to.`
    }
    const steps = values(history, "rolloutMeanSteps")
    const [first, last] = [steps[0], steps.at(-1)]
    if (first && last !== undefined && Math.abs(last / first - 1) > limits.stepsDrift) {
      return `fresh roll-outs went from ${round(first)} to ${round(last)} steps. Look at some of them.`
    }
    return undefined
  },

  unscored(history) {
    const last = history.at(-1)?.values
    const share = last?.unscoredRate
    if (typeof share !== "number" || share <= limits.unscored) return undefined
    const kinds = [
      ["tool calls", last?.unscoredToolRate],
      ["answers", last?.unscoredAnswerRate],
    ].flatMap(([what, rate]) => (typeof rate === "number" ? [`${percent(rate)} of the ${what}`] : []))
    return `the judge gave no score to ${percent(share)} of the actions (${kinds.join(", ")}); they are left out. If one kind fails more often, the reward is biased: mend the judge.`
  },
}

const window = 3
const quiet = 10

/** Values of one metric in step order, missing ones left out. */
function values(history: History, name: string): number[] {
  return history.flatMap((record) => record.values[name] ?? [])
}

/** Mean of the newest three steps; undefined before there are three. */
function recent(history: History, name: string): number | undefined {
  const all = values(history, name)
  return all.length < window ? undefined : mean(all.slice(-window))
}

/** Mean of the first and of the newest three steps, once they do not overlap. */
function change(history: History, name: string): { start: number; now: number } | undefined {
  const all = values(history, name)
  if (all.length < 2 * window) return undefined
  return { start: mean(all.slice(0, window)), now: mean(all.slice(-window)) }
}

/** What the newest roll-outs are significantly worse than: the start, or the best since. */
function significantFall(history: History, name: string): { from: number; now: number } | undefined {
  const rollouts = history.flatMap(({ values: { [name]: share, rolloutTrajectories: n } }) =>
    typeof share === "number" && n ? [{ share, n }] : [],
  )
  const interval = ({ share, n }: (typeof rollouts)[number], level: number) =>
    wilsonInterval(Math.round(share * n), n, level)
  const now = rollouts.at(-1)
  const worse = rollouts.slice(0, -1).find((earlier, index) => {
    const level = index === 0 ? 0.95 : 0.99
    return now && interval(now, level)[1] < interval(earlier, level)[0]
  })
  return now && worse && { from: worse.share, now: now.share }
}

const mean = (all: readonly number[]): number => all.reduce((total, value) => total + value, 0) / all.length
const round = (value: number): string => value.toFixed(value !== 0 && Math.abs(value) < 0.01 ? 4 : 2)
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
