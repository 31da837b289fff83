/**
 * The trainings that alarms are calibrated on: the demo's own, which go well, and the same made to go wrong in four ways.
 * A seed is a draw of trajectories, batches and actions; the policy is the same.
 */
export const kinds = ["good", "form", "learning-rate", "unfiltered", "noisy-judge"] as const
export type Kind = (typeof kinds)[number]

export const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
/** What thresholds were chosen on; the others were not looked at before. */
const chosenOn = [1, 7]
export const isHeldOut = (seed: number): boolean => !chosenOn.includes(seed)

export interface AlarmRun {
  kind: Kind
  seed: number
  task: string
  /** In the study's folder; runs of one judge on one task share it. */
  folder: string
  iterations: number
  /** Of `swirl judge`, where the filter goes by verdicts on the recorded steps. */
  judge?: readonly string[]
  /** Of `swirl train`, beside those that all have. */
  train: readonly string[]
}

/** Steps from roll-out to roll-out: every second one is what the demo sees. */
export const rolloutEvery = 5

type Setting = Pick<AlarmRun, "iterations" | "judge" | "train">

const grounded = ["--judge", "grounded"]
const process = ["--strategy", "process", ...grounded]
const noise = ["--judge-option", "noise=0.4"]

/**
 * With the demo's 64 states a batch: all of seed 7, and what goes well of seeds 1 and 2. The others have half of them, which
 * is half the work and makes metrics noisier, so false alarms likelier.
 */
const isWhole = (kind: Kind, seed: number): boolean => seed === 7 || (kind === "good" && seed <= 2)

/** The demo's; those that go wrong end once they have. */
const settings: Record<Kind, Setting> = {
  good: { iterations: 40, judge: grounded, train: process },
  form: { iterations: 10, train: ["--strategy", "none", "--judge", "form"] },
  "learning-rate": { iterations: 15, judge: grounded, train: [...process, "--option", "learningRate=3e-3"] },
  unfiltered: { iterations: 30, train: ["--strategy", "none", ...grounded] },
  "noisy-judge": { iterations: 20, judge: [...grounded, "--noise", "0.4"], train: [...process, ...noise] },
}

/** Lookup for seeds 3 to 6. */
const taskOf = (seed: number): string => (Math.floor((seed + 1) / 4) % 2 === 0 ? "calc" : "lookup")

/** The demo's on both tasks, the others on one. */
export const runsOf = (seed: number): AlarmRun[] =>
  kinds.flatMap((kind) => {
    const tasks = kind === "good" ? ["calc", "lookup"] : [taskOf(seed)]
    const { train, ...setting } = settings[kind]
    const half = isWhole(kind, seed) ? [] : ["--option", "states=32"]
    return tasks.map((task): AlarmRun => {
      const folder = `seed-${seed}/${task}${kind === "noisy-judge" ? "-noisy" : ""}`
      return { kind, seed, task, folder, ...setting, train: [...train, ...half] }
    })
  })
