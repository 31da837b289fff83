/** Step rows as launchers read them: neutral, a line a step. What may differ in shape from row to row is JSON in a text. */
import { type TrainingJob, templateMessages } from "@swirl-ts/core"

export interface WrittenRow {
  row_id: string
  trajectory_id: string
  step_index: number
  n_steps: number
  /** JSON of the chat messages before the action. */
  messages: string
  /** JSON of the tools that the chat template is told of. */
  tools: string
  action: string
  prompt_token_ids?: readonly number[]
  token_ids?: readonly number[]
}

export function writtenRows({ rows, tools }: Pick<TrainingJob, "rows" | "tools">): WrittenRow[] {
  const described = JSON.stringify(
    tools.map(({ name, description = "", inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    })),
  )
  return rows.map(({ id, trajectoryId, stepIndex, stepCount, messages, action, tokens }) => ({
    row_id: id,
    trajectory_id: trajectoryId,
    step_index: stepIndex,
    n_steps: stepCount,
    messages: JSON.stringify(templateMessages(messages)),
    tools: described,
    action,
    ...(tokens ? { prompt_token_ids: tokens.prompt, token_ids: tokens.action } : {}),
  }))
}
