/** The stages of a run in the order that they come in, and what each has done. */
import type { LoopEvent } from "./loop.ts"

export interface StageState {
  name: string
  label: string
  done: number
  total: number
  detail: string
}

const labels = [
  ["before", "Measure the policy as it is, on questions that it is not trained on"],
  ["generate", "Answer training questions, step by step, with tools"],
  ["judge", "Judge every step, without reference answers"],
  ["train", "Train on the trajectories that were kept"],
  ["after", "Measure the trained policy on the same questions"],
] as const

export const freshStages = (): StageState[] =>
  labels.map(([name, label]) => ({ name, label, done: 0, total: 0, detail: "" }))

/** Which stage a progress is of: the evaluation after the training is the second one. */
export function advance(
  states: StageState[],
  { stage, done, total, detail = "" }: LoopEvent & { kind: "progress" },
): void {
  const [first = ""] = stage.split(" ")
  const isTrained = states.some((each) => each.name === "train" && each.done > 0)
  const name = first === "eval" ? (isTrained ? "after" : "before") : first
  const state = states.find((each) => each.name === name)
  if (state) Object.assign(state, { done, total: total ?? state.total, detail })
}
