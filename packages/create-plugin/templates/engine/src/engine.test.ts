import type { EngineFactory } from "@swirl-ts/core"
import { testEngine } from "@swirl-ts/testing"
import { createTableEngine, tableEngine } from "./engine.ts"
import { newState } from "./state-file.ts"

testEngine(tableEngine, { name: "table", policy: "table" })

/** A policy that prefers some letters to others: where all are equal, a wrong gradient is nearly as good as the right one. */
const uneven: EngineFactory = {
  ...tableEngine,
  create: async () => {
    const { table, optimiser } = newState()
    return createTableEngine({ table: table.map((_, index) => 3 * Math.sin(index)), optimiser })
  },
}

testEngine(uneven, { name: "table-uneven", policy: "table" })
