/**
 * The trainings that alarms are calibrated on: the demo's own, which go well, and the same made to go wrong in four ways.
 * Thresholds were chosen on odd seeds; what is reported is of even ones.
 */
export const kinds = ["good", "form", "learning-rate", "unfiltered", "noisy-judge"] as const
export type Kind = (typeof kinds)[number]

export const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
export const isHeldOut = (seed: number): boolean => seed % 2 === 0

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

/** Half the demo's states a batch: what goes wrong does so as well on them, and noisier metrics make an alarm no easier. */
const half = ["--option", "states=32"]

/** The demo's; those that go wrong end once they have. */
const settings: Record<Kind, Setting> = {
  good: { iterations: 40, judge: grounded, train: process },
  form: { iterations: 10, train: ["--strategy", "none", "--judge", "form", ...half] },
  "learning-rate": { iterations: 15, judge: grounded, train: [...process, ...half, "--option", "learningRate=3e-3"] },
  unfiltered: { iterations: 20, train: ["--strategy", "none", ...grounded, ...half] },
  "noisy-judge": { iterations: 20, judge: [...grounded, "--noise", "0.4"], train: [...process, ...noise, ...half] },
}

/** Two seeds a task in turn, so that the chosen and the reported have both. */
const taskOf = (seed: number): string => (Math.floor((seed - 1) / 2) % 2 === 0 ? "calc" : "lookup")

/** The demo's on both tasks, the others on one. */
export const runsOf = (seed: number): AlarmRun[] =>
  kinds.flatMap((kind) => {
    const tasks = kind === "good" ? ["calc", "lookup"] : [taskOf(seed)]
    return tasks.map((task): AlarmRun => {
      const folder = `seed-${seed}/${task}${kind === "noisy-judge" ? "-noisy" : ""}`
      return { kind, seed, task, folder, ...settings[kind] }
    })
  })
