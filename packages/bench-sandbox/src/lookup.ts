/** lookup: a chain of two to four facts of a generated world. The structure is its pairs of neighbouring relations. */
import type { Random } from "@swirl-ts/core"
import { drawChain } from "./chain.ts"
import { phraseOf, type RelationName } from "./relations.ts"
import type { Draft, PlannedCall } from "./task.ts"
import type { World } from "./world.ts"

/** Search calls along a chain; each needs the one before it. `first` is the index of the first of them in the plan. */
export function chainCalls(
  members: readonly string[],
  path: readonly RelationName[],
  results: readonly string[],
  first = 0,
): PlannedCall[] {
  return path.map((relation, index) => ({
    tool: "search",
    entity: members[index]!,
    relation,
    needs: index === 0 ? [] : [first + index - 1],
    result: results[index]!,
  }))
}

export function drawLookup(draw: Random, place: World): Draft | undefined {
  const hops = draw.pick([2, 2, 3, 3, 4])
  const asksAge = draw.next() < 0.2
  const chain = drawChain(draw, place, asksAge ? hops - 1 : hops, asksAge ? "person" : undefined)
  if (!chain) return undefined
  const start = chain.members[0]!
  const path: RelationName[] = asksAge ? [...chain.relations, "old"] : chain.relations
  const results = chain.members.slice(1)
  if (asksAge) results.push(place.object(chain.members.at(-1)!, "old"))
  return {
    domain: "lookup",
    question: asksAge ? `how old is ${phraseOf(start, chain.relations)} ?` : `what is ${phraseOf(start, path)} ?`,
    answer: results.at(-1)!,
    structure: path.join("-"),
    plan: chainCalls(chain.members, path, results),
    numbers: [],
    entities: [start],
    relations: path,
    world: place.key,
  }
}
