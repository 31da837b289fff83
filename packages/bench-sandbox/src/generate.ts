/**
 * Task `index` of a split, made from nothing but its name: the same on every machine, without the tasks before it.
 * Drafts are drawn until one belongs to the split; see `splits.ts` for what belongs where.
 */
import { random, seedFrom } from "@swirl-ts/core"
import { drawCalc } from "./calc.ts"
import { hasNewPair } from "./chain.ts"
import { drawLookup } from "./lookup.ts"
import { drawMixed } from "./mixed.ts"
import { allowsQuestion, isNewStructure, type Split } from "./splits.ts"
import type { Domain, Draft, SandboxTask } from "./task.ts"
import { world } from "./world.ts"

/** Whether a draft's structure is one that pre-training and training never show. */
export function hasNewStructure(draft: Pick<Draft, "domain" | "structure" | "plan" | "relations">): boolean {
  if (draft.domain === "calc") return isNewStructure(draft.structure)
  if (draft.domain === "lookup") return hasNewPair(draft.relations)
  // A mixed task has two chains; only neighbours within one are a pair.
  return draft.plan.some(
    (call) =>
      call.tool === "search" &&
      call.needs.some((need) => {
        const before = draft.plan[need]!
        return before.tool === "search" && hasNewPair([before.relation, call.relation])
      }),
  )
}

export function sandboxTask(domain: Domain, split: Split, index: number): SandboxTask {
  if (domain === "mixed" && split === "test-new") throw new RangeError("mixed has no new structures")
  const draw = random(seedFrom("sandbox", domain, split, index))
  const place = domain === "calc" ? undefined : world(`${domain}/${split}/${index}`)
  for (;;) {
    const draft = !place ? drawCalc(draw) : domain === "lookup" ? drawLookup(draw, place) : drawMixed(draw, place)
    if (!draft || hasNewStructure(draft) !== (split === "test-new") || !allowsQuestion(split, draft.question)) continue
    return { id: `${split}/${index}`, ...draft }
  }
}
