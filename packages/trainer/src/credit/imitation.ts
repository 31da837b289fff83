/** Credit of `sft` and `rft`: every recorded action is as it should be. What was kept before is all that tells them apart. */
import type { CreditAssigner } from "./credit.ts"

export const imitation: CreditAssigner = (rows) => rows.map(() => 1)
