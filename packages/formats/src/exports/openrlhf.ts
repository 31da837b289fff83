/**
 * OpenRLHF's PromptDataset, for `--data.input_key input --data.label_key label --data.apply_chat_template`. It sends nothing to
 * a reward server but prompt and label, so the label is the row id, by which a judge service finds the state.
 */
import { rowsFormat } from "./rows-format.ts"
import { rewardColumn, stepNotHeld, stepRows, toolsColumn } from "./step-rows.ts"

export const openrlhf = rowsFormat({
  name: "openrlhf",
  description: "OpenRLHF: a row a state, { input, label: row id, datasource, … }",
  strategy: "process",
  notHeld: stepNotHeld,
  rows: (item, leftOut) =>
    stepRows(item, leftOut).map(({ state, step, verdict, origin }) => ({
      input: state,
      label: origin.row_id,
      datasource: item.trajectory.benchmark,
      ...toolsColumn(item),
      ...origin,
      recorded_action: step.text,
      recorded_reward: rewardColumn(verdict),
    })),
})
