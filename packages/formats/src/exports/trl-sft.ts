/** TRL's SFTTrainer, prompt and completion: one row a step, the loss on the action alone. */
import { samplingNotHeld } from "./fields.ts"
import { rowsFormat } from "./rows-format.ts"
import { stepRows, toolsColumn } from "./step-rows.ts"

export const trlSft = rowsFormat({
  name: "trl-sft",
  description: "TRL's SFTTrainer: a row a step, { prompt, completion }, the loss on the action alone",
  strategy: "process",
  notHeld: [...samplingNotHeld, "verdict", "usage"],
  rows: (item, leftOut) =>
    stepRows(item, leftOut).map(({ state, action, origin }) => ({
      prompt: state,
      completion: [action],
      ...toolsColumn(item),
      ...origin,
    })),
})
