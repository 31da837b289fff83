/** Credit of `swirl`: the judge's score against the mean of the other scored actions at the same state. */
import { leaveOneOutAdvantages, type Normalisation } from "../advantages.ts"
import { type CreditAssigner, creditByGroup } from "./credit.ts"

export const judgedStates =
  (normalise: Normalisation): CreditAssigner =>
  (rows) =>
    creditByGroup(
      rows,
      ({ stateId }) => stateId,
      (group) =>
        leaveOneOutAdvantages(
          group.map(({ score }) => score),
          normalise,
        ),
    )
