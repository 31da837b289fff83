/** Opens what the engine trains as a model: `table`, and `table:<checkpoint>` for what it came to. */
import { resolve } from "node:path"
import { contentHash, type ModelProvider } from "@swirl-ts/core"
import { tableModel } from "./language-model.ts"
import { newState, readState } from "./state-file.ts"

export const tableProvider: ModelProvider = {
  description: "the policy of the engine table: table, or table:<checkpoint>",
  /** Where a checkpoint lies, and with it which questions it was trained on. */
  directory: (reference, { workingDirectory }) => (reference === "" ? undefined : resolve(workingDirectory, reference)),
  async open(reference, _options, { workingDirectory }) {
    const { table } = reference === "" ? newState() : await readState(resolve(workingDirectory, reference))
    return { model: tableModel(reference || "table", () => table), identity: contentHash([...table]) }
  },
}
