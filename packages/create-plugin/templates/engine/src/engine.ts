/**
 * The four verbs over a table of letters. It can learn next to nothing and is exact: losses and gradients can be checked by
 * hand, so a training loop can be tried in seconds. Invariant: the initial policy stays the one the engine was made with.
 */
import { type Engine, type EngineFactory, SwirlError, seedFrom } from "@swirl-ts/core"
import { adamStep } from "./adam.ts"
import { addGradient } from "./gradient.ts"
import { tableModel } from "./language-model.ts"
import { sampleSequence } from "./sample.ts"
import { newState, readState, type State, writeState } from "./state-file.ts"
import { newTable, scoreRow } from "./table.ts"

/** Policies are `table` (every letter is as likely as any other) and `table:<checkpoint>`. */
export const tableEngine: EngineFactory = {
  description: "a table of letters with exact gradients, in this process: policy table or table:<checkpoint>",
  async create({ policy }) {
    const reference = /^table:?(.*)$/.exec(policy)?.[1]
    if (reference === undefined) {
      throw new SwirlError(`The engine table trains the policies table and table:<checkpoint>, not ${policy}.`, {
        kind: "usage",
      })
    }
    return createTableEngine(reference === "" ? newState() : await readState(reference))
  },
}

export function createTableEngine(state: State = newState()): Engine {
  const initial = state.table.slice()
  const gradient = newTable()
  return {
    async sample(prompts, { n, seeds, ...request }) {
      return prompts.map((prompt, index) =>
        Array.from({ length: n }, (_, sample) =>
          sampleSequence(state.table, prompt, { ...request, seed: seedFrom(seeds[index]!, sample) }),
        ),
      )
    },
    async forwardBackward(rows, loss) {
      return addGradient(gradient, { table: state.table, initial }, rows, loss)
    },
    async optimStep(options) {
      return { gradientNorm: adamStep(state.table, gradient, state.optimiser, options) }
    },
    async logProbabilities(rows, policy) {
      const table = policy === "initial" ? initial : state.table
      return rows.map((row) => scoreRow(table, row).map(({ logProbability }) => logProbability))
    },
    saveState: (directory) => writeState(directory, state),
    async loadState(directory) {
      Object.assign(state, await readState(directory))
      gradient.fill(0)
    },
    languageModel: () => tableModel("table in training", () => state.table),
    async dispose() {},
  }
}
