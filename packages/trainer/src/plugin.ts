/** The trainer as a plugin: filters and the algorithms `swirl` and `sft`. */
import { definePlugin } from "@swirl-ts/core"
import { filters } from "./filters.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"

export function trainer() {
  return definePlugin({
    meta: { name: "trainer", version: "0.1.0", apiVersion: 1 },
    filters,
    algorithms: { swirl, sft },
  })
}
