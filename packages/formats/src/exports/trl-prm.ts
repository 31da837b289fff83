/**
 * TRL's stepwise supervision, as its PRMTrainer (experimental, up to 1.10) reads it: a question, the steps of one trajectory, a
 * label each. What the environment answered stands before the step that could read it, so that no label goes by what came after.
 */
import { messageText, stepAction, turnText } from "@swirl-ts/core"
import type { LeftOut } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { samplingNotHeld } from "./fields.ts"
import { type Row, rowsFormat } from "./rows-format.ts"

export const trlPrm = rowsFormat({
  name: "trl-prm",
  description: "TRL's stepwise supervision: a row a trajectory, { prompt, completions, labels }",
  strategy: "none",
  needsVerdicts: true,
  notHeld: [...samplingNotHeld, "verdict.score", "verdict.reason", "usage"],
  rows: prmRows,
})

function prmRows({ trajectory, verdicts, license }: ExportItem, leftOut: LeftOut): Row[] {
  const { steps } = trajectory
  const unscored = steps.findIndex((_, index) => (verdicts[index]?.verdict ?? "unscored") === "unscored")
  const end = unscored < 0 ? steps.length : unscored
  if (end < steps.length) leftOut.leaveOut("steps from the first one without a verdict on", steps.length - end)
  if (end === 0) return []
  return [
    {
      prompt: trajectory.prompt.map(messageText).join("\n\n"),
      completions: steps.slice(0, end).map((step, index) => {
        const before = steps[index - 1]?.observation?.text
        const turn = turnText({ text: step.text, action: stepAction(step) })
        return before === undefined ? turn : `${before}\n\n${turn}`
      }),
      labels: verdicts.slice(0, end).map((verdict) => verdict!.verdict === "good"),
      trajectory_id: trajectory.id,
      n_steps: steps.length,
      benchmark: trajectory.benchmark,
      split: trajectory.split,
      task_id: trajectory.taskId,
      policy: trajectory.policy,
      license: license ?? null,
    },
  ]
}
