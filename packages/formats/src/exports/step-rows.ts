/**
 * The steps of a trajectory as rows of training sets: the state as chat messages, and the action as one more. A state that
 * stands within the model's own turn (action format `inline`) is none: no chat template opens a turn in its middle.
 */
import { contentHash, rewardOf, rowId, type Step } from "@swirl-ts/core"
import { type RowMessage, rowMessages } from "./chat-messages.ts"
import type { LeftOut } from "./export-format.ts"
import type { ExportItem, StepVerdict } from "./export-item.ts"
import { samplingNotHeld } from "./fields.ts"

/** Of formats whose rows are steps with a verdict. */
export const stepNotHeld = [...samplingNotHeld, "verdict.reason", "usage"] as const

export interface StepRow {
  step: Step
  state: RowMessage[]
  action: RowMessage
  verdict: StepVerdict | undefined
  /** The same where question, tools and all messages before the action are the same. */
  stateKey: string
  /** Columns that say where the row is from, and that find the state again. */
  origin: Origin
}

interface Origin {
  row_id: string
  trajectory_id: string
  step_index: number
  n_steps: number
  benchmark: string
  split: string
  task_id: string
  policy: string
  license: string | null
}

const withinTurn = "states within the model's own turn, which no chat prompt can end with"

export function stepRows(item: ExportItem, leftOut: LeftOut): StepRow[] {
  const { trajectory, states, messages, verdicts, requestTools } = item
  return trajectory.steps.flatMap((step, index) => {
    const at = states[index]!
    const turn = messages[at]
    if (turn === undefined || messages[at - 1]?.role === "assistant") {
      leftOut.leaveOut(withinTurn)
      return []
    }
    const [action] = rowMessages([turn], requestTools.length > 0)
    const state = rowMessages(messages.slice(0, at), requestTools.length > 0)
    const stateKey = contentHash([trajectory.benchmark, trajectory.split, trajectory.taskId, requestTools, state])
    return [{ step, state, action: action!, verdict: verdicts[index], stateKey, origin: originOf(item, index) }]
  })
}

const originOf = ({ trajectory, license }: ExportItem, index: number): Origin => ({
  row_id: rowId(trajectory.id, index),
  trajectory_id: trajectory.id,
  step_index: index,
  n_steps: trajectory.steps.length,
  benchmark: trajectory.benchmark,
  split: trajectory.split,
  task_id: trajectory.taskId,
  policy: trajectory.policy,
  license: license ?? null,
})

/** The tools of a row as JSON, which TRL reads from a text; nothing where the prompt describes them. */
export const toolsColumn = ({ requestTools }: ExportItem): { tools?: string } =>
  requestTools.length === 0 ? {} : { tools: JSON.stringify(openaiTools(requestTools)) }

export const openaiTools = (tools: ExportItem["tools"]) =>
  tools.map(({ name, description, inputSchema }) => ({
    type: "function",
    function: { name, description: description ?? "", parameters: inputSchema },
  }))

/** Reward of a verdict, in [0, 1]; null where there is none. */
export const rewardColumn = (verdict: StepVerdict | undefined): number | null => (verdict && rewardOf(verdict)) ?? null
