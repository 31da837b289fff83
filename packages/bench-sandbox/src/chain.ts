/** A chain: from a name along relations, never twice through the same name. */
import type { Random } from "@swirl-ts/core"
import { type Kind, type RelationName, relationsFrom } from "./relations.ts"
import { isNewStructure } from "./splits.ts"
import { kindOf, type World } from "./world.ts"

export interface Chain {
  /** The names passed, the start included. */
  members: string[]
  relations: RelationName[]
}

/** A chain of `hops` relations that ends in `end`, or undefined where the draw came back to a name or ended elsewhere. */
export function drawChain(draw: Random, place: World, hops: number, end?: Kind): Chain | undefined {
  const { person, city, company } = place.members
  const members = [draw.pick([...person, ...person, ...city, ...company])]
  const relations: RelationName[] = []
  for (let hop = 0; hop < hops; hop++) {
    const from = members.at(-1)!
    const relation = draw.pick(relationsFrom(kindOf(place, from)).filter((name) => name !== "old"))
    relations.push(relation)
    members.push(place.object(from, relation))
  }
  if (new Set(members).size < members.length) return undefined
  if (end && kindOf(place, members.at(-1)!) !== end) return undefined
  return { members, relations }
}

/** Whether any two neighbouring relations are a held-out pair. */
export const hasNewPair = (path: readonly RelationName[]): boolean =>
  path.some((relation, index) => index > 0 && isNewStructure(`${path[index - 1]}-${relation}`))
