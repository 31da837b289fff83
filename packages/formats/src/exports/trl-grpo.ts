/**
 * TRL's GRPOTrainer: one row a state, to sample fresh actions at. Every column beside the prompt reaches the reward function, so
 * `row_id` is all that a judge service needs. What was done there stands under `recorded_action`: a column of the name `completion` is taken.
 */
import { rowsFormat } from "./rows-format.ts"
import { rewardColumn, stepNotHeld, stepRows, toolsColumn } from "./step-rows.ts"

export const trlGrpo = rowsFormat({
  name: "trl-grpo",
  description: "TRL's GRPOTrainer: a row a state, { prompt, row_id, … }, to sample fresh actions at",
  strategy: "process",
  notHeld: stepNotHeld,
  rows: (item, leftOut) =>
    stepRows(item, leftOut).map(({ state, step, verdict, origin }) => ({
      prompt: state,
      ...toolsColumn(item),
      ...origin,
      recorded_action: step.text,
      recorded_reward: rewardColumn(verdict),
    })),
})
