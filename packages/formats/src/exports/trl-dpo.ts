/**
 * TRL's DPOTrainer: two actions that were taken at one state, the judge preferring one. Pairs are made of different texts,
 * each used once, in the order of the records. Held meanwhile: the different actions of each state, no prompt.
 */
import type { RowMessage } from "./chat-messages.ts"
import type { LeftOut } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { type Row, rowsFormat } from "./rows-format.ts"
import { rewardColumn, type StepRow, stepNotHeld, stepRows, toolsColumn } from "./step-rows.ts"

interface Action {
  message: RowMessage
  row: string
  reward: number
}

interface Taken {
  texts: Set<string>
  good: Action[]
  bad: Action[]
  pairs: number
}

export const trlDpo = rowsFormat({
  name: "trl-dpo",
  description: "TRL's DPOTrainer: a pair of actions at one state, a good one and a bad one",
  strategy: "none",
  needsVerdicts: true,
  notHeld: stepNotHeld,
  collect() {
    const states = new Map<string, Taken>()
    return (item, leftOut) => stepRows(item, leftOut).flatMap((row) => pairOf(item, row, states, leftOut))
  },
})

function pairOf(item: ExportItem, row: StepRow, states: Map<string, Taken>, leftOut: LeftOut): Row[] {
  const { verdict, stateKey, state, origin } = row
  const reward = rewardColumn(verdict)
  if (verdict === undefined || reward === null) {
    leftOut.leaveOut("actions without a verdict")
    return []
  }
  const taken = states.get(stateKey) ?? { texts: new Set(), good: [], bad: [], pairs: 0 }
  states.set(stateKey, taken)
  const text = JSON.stringify(row.action)
  if (taken.texts.has(text)) {
    leftOut.leaveOut("actions that were taken at the same state before, word for word")
    return []
  }
  taken.texts.add(text)
  const side = verdict.verdict === "good" ? taken.good : taken.bad
  side.push({ message: row.action, row: origin.row_id, reward })
  const [chosen, rejected] = [taken.good[taken.pairs], taken.bad[taken.pairs]]
  if (!chosen || !rejected) {
    leftOut.leaveOut(unpaired)
    return []
  }
  taken.pairs++
  leftOut.leaveOut(unpaired, -1)
  const { row_id: _, trajectory_id: __, n_steps: ___, ...origins } = origin
  return [
    {
      prompt: state,
      chosen: [chosen.message],
      rejected: [rejected.message],
      ...toolsColumn(item),
      ...origins,
      chosen_row_id: chosen.row,
      rejected_row_id: rejected.row,
      chosen_reward: chosen.reward,
      rejected_reward: rejected.reward,
    },
  ]
}

/** Taken back where its partner comes. */
const unpaired = "actions without another of the opposite verdict at their state"
