/** Every command, in the order of the help text. One that is named is loaded alone. */
import type { Command } from "./command.ts"

export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  demo: () => import("./demo.ts"),
  init: () => import("./init.ts"),
  list: () => import("./list.ts"),
  show: () => import("./show.ts"),
  check: () => import("./check.ts"),
  doctor: () => import("./doctor.ts"),
  backend: () => import("./backend.ts"),
  data: () => import("./data.ts"),
  index: () => import("./index.ts"),
  search: () => import("./search.ts"),
  logprobs: () => import("./logprobs.ts"),
  generate: () => import("./generate.ts"),
  judge: () => import("./judge.ts"),
  filter: () => import("./filter.ts"),
  train: () => import("./train.ts"),
  eval: () => import("./eval.ts"),
  tool: () => import("./tool.ts"),
  mcp: () => import("./mcp.ts"),
  score: () => import("./score.ts"),
  compare: () => import("./compare.ts"),
  matrix: () => import("./matrix.ts"),
  report: () => import("./report.ts"),
  validate: () => import("./validate.ts"),
}
