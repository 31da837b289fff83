/**
 * verl's RLHFDataset: one row a state. `ground_truth` has to exist there, so it is "" where the reference is hidden; rewards come
 * from a judge service, which finds the state by `extra_info.row_id`.
 */
import type { LeftOut } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { samplingNotHeld } from "./fields.ts"
import type { Columns } from "./files/parquet-file.ts"
import { type Row, rowsFormat } from "./rows-format.ts"
import { rewardColumn, stepRows, toolsColumn } from "./step-rows.ts"

/** Arguments of a call differ from tool to tool: a text, as OpenAI sends them. */
const call = {
  fields: { id: "string", type: "string", function: { fields: { name: "string", arguments: "json" } } },
} as const
export const messagesColumn = {
  list: {
    fields: { role: "string", content: "string", tool_calls: { list: call }, tool_call_id: "string", name: "string" },
  },
} as const

export const extraColumns: Columns = {
  row_id: "string",
  trajectory_id: "string",
  step_index: "integer",
  n_steps: "integer",
  benchmark: "string",
  split: "string",
  task_id: "string",
  policy: "string",
  license: "string",
  tools: "string",
  recorded_action: "string",
  recorded_reward: "number",
}

const hidden = "ground truths that are hidden, or not asked for; an empty text stands in their place"

/** What verl and SkyRL have in common: a state, its reference, and what finds it again. */
export function stateRows(item: ExportItem, leftOut: LeftOut) {
  const [reference] = item.references ?? []
  const rows = stepRows(item, leftOut)
  if (reference === undefined) leftOut.leaveOut(hidden, rows.length)
  return rows.map(({ state, step, verdict, origin }) => ({
    state,
    reference: reference ?? "",
    extra: {
      ...origin,
      ...toolsColumn(item),
      recorded_action: step.text,
      recorded_reward: rewardColumn(verdict),
    },
  }))
}

export const stateNotHeld = [...samplingNotHeld, "verdict.reason", "acceptedAnswers", "score", "usage"] as const

export const verl = rowsFormat({
  name: "verl",
  description: "verl: a row a state, { data_source, prompt, ability, reward_model, extra_info }",
  strategy: "process",
  needsTasks: true,
  notHeld: stateNotHeld,
  columns: {
    data_source: "string",
    prompt: messagesColumn,
    ability: "string",
    reward_model: { fields: { style: "string", ground_truth: "string" } },
    extra_info: { fields: { index: "integer", ...extraColumns } },
  },
  collect() {
    let index = 0
    return (item, leftOut): Row[] =>
      stateRows(item, leftOut).map(({ state, reference, extra }) => ({
        data_source: item.trajectory.benchmark,
        prompt: state,
        ability: "tool-use",
        reward_model: { style: "model", ground_truth: reference },
        extra_info: { index: index++, ...extra },
      }))
  },
})
