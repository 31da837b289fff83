/**
 * Alarms over the metric records of a training, pure. Each rule looks at the records up to now and says one sentence or
 * nothing; an alarm is raised when its rule holds and has not held in any of the ten records before.
 *
 * Thresholds were chosen on trainings of the embedded policy, good ones and ones made to go wrong, and are reported on others
 * (docs/alarms.md, `npm run study -- --alarms`); those that no such training reaches say so.
 */
import type { MetricRecord } from "@swirl-ts/core"
import { wilsonInterval } from "@swirl-ts/stats"

const limits = {
  /** gaming: rise of the judged reward that counts. */
  rewardRise: 0.05,
  /** collapse: entropy a token, in nats, under which the policy has stopped exploring. Not calibrated: no training came near. */
  entropy: 0.002,
  /** collapse: share of malformed and cut-off actions. Not calibrated. */
  malformed: 0.5,
  /** collapse: steps in a row in which no group has variance. */
  stepsWithoutVariance: 3,
  /** collapse: judged reward, and groups with variance, of the first steps: a judge that is pleased with everything. */
  pleased: { reward: 0.9, variance: 0.5 },
  /** stall: by this step judged reward has to have risen by so much, where it is not high already, or accuracy by so much. */
  stall: { step: 10, reward: 0.1, isHigh: 0.9, accuracy: 0.05 },
  /** divergence: KL a token to the initial policy, in nats. */
  divergence: 0.1,
  /** tool-call-drift: steps of fresh roll-outs over those of the start, and sampled answers, whose end it would be. */
  drift: { shorter: 0.8, longer: 1.4, answers: 0.1 },
  /** unscored: share of samples. Not calibrated: a judge by rules scores all. */
  unscored: 0.02,
}

export const alarmKinds = [
  "gaming",
  "regression",
  "collapse",
  "stall",
  "divergence",
  "tool-call-drift",
  "unscored",
] as const
export type AlarmKind = (typeof alarmKinds)[number]
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
  /** The judge is pleased more and more while the policy gets worse. */
  gaming(history) {
    const reward = risenReward(history)
    const worse = reward && (fallen(history) ?? shrunk(history))
    return (
      worse &&
      `judged reward rose from ${round(reward.start)} to ${round(reward.now)}, but ${worse}. The policy pleases the judge instead of solving tasks: look at roll-outs, use the process filter or another judge.`
    )
  },

  /** The policy gets worse, and the judge says so or is not asked. */
  regression(history) {
    const worse = risenReward(history) ? undefined : fallen(history)
    return (
      worse &&
      `${worse}. Stop, go back to the checkpoint before (--stop-on-alarm does), and look at roll-outs; lower the learning rate or use another judge.`
    )
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
    const variance = values(history, "groupsWithVariance")
    const last = variance.slice(-limits.stepsWithoutVariance)
    if (last.length === limits.stepsWithoutVariance && last.every((share) => share === 0)) {
      return `no group had rewards that differ in the last ${last.length} steps: there is nothing left to learn from. Stop here, or use other states or a graded judge.`
    }
    const [reward, groups] = [values(history, "judgedReward"), variance].map((all) =>
      all.length < window ? undefined : mean(all.slice(0, window)),
    )
    if (reward === undefined || groups === undefined) return undefined
    if (reward < limits.pleased.reward || groups > limits.pleased.variance) return undefined
    return `the judge was pleased with ${percent(reward)} of the first actions, and rewards differed in ${percent(groups)} of the groups: what little it tells apart is all that can be learnt. Calibrate it (swirl judge --calibrate), or use other states or another judge.`
  },

  stall(history) {
    const reward = change(history, "judgedReward")
    if (!reward || values(history, "judgedReward").length < limits.stall.step) return undefined
    const rise = reward.now - reward.start
    if (rise >= limits.stall.reward || reward.now >= limits.stall.isHigh) return undefined
    const accuracy = values(history, "rolloutAccuracy")
    const gain = accuracy.at(-1)! - accuracy[0]!
    if (accuracy.length < 2 || gain >= limits.stall.accuracy) return undefined
    return `after ${values(history, "judgedReward").length} steps judged reward went from ${round(reward.start)} to ${round(reward.now)} and accuracy of fresh roll-outs from ${round(accuracy[0]!)} to ${round(accuracy.at(-1)!)}: nothing is learnt that helps. A noisy judge does that (swirl judge --calibrate), and a learning rate that is too low.`
  },

  divergence(history) {
    const distance = recent(history, "klPerToken")
    if (distance === undefined || distance <= limits.divergence) return undefined
    return `the policy is ${round(distance)} nats a token from the initial one. Lower the learning rate or raise beta, and look at roll-outs.`
  },

  "tool-call-drift"(history) {
    const steps = values(history, "rolloutMeanSteps")
    const [first, last] = [steps[0], steps.at(-1)]
    if (first && last !== undefined && (last / first <= limits.drift.shorter || last / first >= limits.drift.longer)) {
      return `fresh roll-outs went from ${round(first)} to ${round(last)} steps. Check that the policy still calls tools where it has to, and that it comes to an end.`
    }
    const answers = change(history, "answerRate")
    if (answers && answers.start > 2 * limits.drift.answers && answers.now < limits.drift.answers) {
      return `answers went from ${percent(answers.start)} to ${percent(answers.now)} of the actions. Check that the policy still comes to an end.`
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

function risenReward(history: History): { start: number; now: number } | undefined {
  const reward = change(history, "judgedReward")
  return reward && reward.now - reward.start >= limits.rewardRise ? reward : undefined
}

/** Without reference answers the share of roll-outs that end in an answer tells it. */
function fallen(history: History): string | undefined {
  for (const [name, what] of [
    ["rolloutAccuracy", "accuracy of fresh roll-outs"],
    ["rolloutAnswered", "the share of roll-outs that end in an answer"],
  ] as const) {
    const fall = significantFall(history, name)
    if (fall) return `${what} fell from ${round(fall.from)} to ${round(fall.now)}`
  }
  return undefined
}

/** To half of the start, and at most two. */
function shrunk(history: History): string | undefined {
  const steps = values(history, "rolloutMeanSteps")
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined || last > first / 2 || last > 2) return undefined
  return `fresh roll-outs shrank from ${round(first)} to ${round(last)} steps`
}

/**
 * What the newest roll-outs are worse than beyond noise: the start (95 % Wilson intervals do not overlap), or the best since
 * (99 %, as a best of many is a lucky one). A fall from .22 to 0 shows with 40 trajectories a roll-out; from .09 to 0 needs 100.
 */
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
