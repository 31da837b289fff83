/** mixed: the ages of two people, found by look-ups, then added or subtracted. */
import type { Random } from "@swirl-ts/core"
import { drawChain } from "./chain.ts"
import { chainCalls } from "./lookup.ts"
import { phraseOf, type RelationName } from "./relations.ts"
import { apply, type Draft, isDistinct, type PlannedCall } from "./task.ts"
import type { World } from "./world.ts"

export function drawMixed(draw: Random, place: World): Draft | undefined {
  const [hopsLeft, hopsRight] = draw.pick([
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ] as const)
  const left = drawChain(draw, place, hopsLeft, "person")
  const right = drawChain(draw, place, hopsRight, "person")
  if (!left || !right || left.members.at(-1) === right.members.at(-1)) return undefined
  const ages = [left, right].map(({ members }) => Number(place.object(members.at(-1)!, "old"))) as [number, number]
  const operator = draw.pick(["+", "-"] as const)
  if (operator === "-" && ages[0] <= ages[1]) return undefined

  const plan: PlannedCall[] = []
  const paths: RelationName[][] = []
  const found: number[] = []
  for (const [index, { members, relations }] of [left, right].entries()) {
    const path: RelationName[] = [...relations, "old"]
    paths.push(path)
    plan.push(...chainCalls(members, path, [...members.slice(1), String(ages[index])], plan.length))
    found.push(plan.length - 1)
  }
  const result = String(apply(operator, ...ages))
  plan.push({ tool: "calculator", operator, left: ages[0], right: ages[1], needs: found, result })
  if (!isDistinct(plan)) return undefined

  const [one, two] = [left, right].map(({ members, relations }) => phraseOf(members[0]!, relations))
  return {
    domain: "mixed",
    question:
      operator === "-" ? `how many years older is ${one} than ${two} ?` : `how old are ${one} and ${two} together ?`,
    answer: result,
    structure: `${paths[0]!.join("-")} ${operator} ${paths[1]!.join("-")}`,
    plan,
    numbers: [],
    entities: [left.members[0]!, right.members[0]!],
    relations: paths.flat(),
    world: place.key,
  }
}
