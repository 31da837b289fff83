/** SkyRL's PromptDataset: one row a state, with the environment that is to be stepped; extras reach it. */
import type { Row } from "./rows-format.ts"
import { rowsFormat } from "./rows-format.ts"
import { extraColumns, messagesColumn, stateNotHeld, stateRows } from "./verl.ts"

/** The name that an environment for one step and a judge is registered under. */
const environment = "swirl_step"

export const skyrl = rowsFormat({
  name: "skyrl",
  description: `SkyRL: a row a state, { prompt, env_class: "${environment}", reward_spec, extra_info }`,
  strategy: "process",
  needsTasks: true,
  notHeld: stateNotHeld,
  columns: {
    data_source: "string",
    prompt: messagesColumn,
    env_class: "string",
    reward_spec: { fields: { method: "string", ground_truth: "string" } },
    extra_info: { fields: extraColumns },
  },
  rows: (item, leftOut): Row[] =>
    stateRows(item, leftOut).map(({ state, reference, extra }) => ({
      data_source: item.trajectory.benchmark,
      prompt: state,
      env_class: environment,
      reward_spec: { method: "model", ground_truth: reference },
      extra_info: extra,
    })),
})
