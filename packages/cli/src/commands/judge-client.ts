import { judgeClient } from "@swirl-ts/stages"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "judge client",
  description:
    "print the Python file by which TRL, verl, OpenRLHF and slime ask a judge service; it needs Python alone",
  plugins: false,
  run: () => ({ python: judgeClient() }),
  text: ({ python }) => python.trimEnd(),
})
