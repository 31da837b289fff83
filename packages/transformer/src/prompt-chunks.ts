/**
 * Prompts in chunks that go through the network together. Invariant: of a chunk with several prompts no more tokens are fed than
 * the budget says; what that takes is most of what a batch needs beside its keys and values.
 */
import { commonPrefix, compareSequences } from "./common-prefix.ts"
import { goOnAlike, type Prompt } from "./prefill.ts"

/** Tokens that a prompt may feed again where it then goes on from what its neighbours go on from. */
const nearly = 4
/** Keys and values of cached tokens are copied for those who go on from them, which takes about as much as feeding a fourth of them. */
const copied = 1 / 4

interface Ordered extends Prompt {
  index: number
}

/**
 * Orders prompts so that those which begin alike are neighbours, gives those the same beginning to go on from, and cuts them
 * where more than `budget` tokens are new. Each with its index in `prompts`.
 */
export function chunkPrompts(prompts: readonly Prompt[], budget: number): Ordered[][] {
  const chunks: Ordered[][] = []
  let size = 0
  for (const prompt of goingOnTogether(prompts)) {
    const { tokenIds, found } = prompt
    const chunk = chunks.at(-1)
    const last = chunk?.at(-1)
    const known = found?.length ?? 0
    const shared = last !== undefined && goOnAlike(last, prompt) ? commonPrefix(last.tokenIds, tokenIds) : 0
    // A beginning that the chunk has: nothing of it is copied again.
    const isBegun = chunk?.some((other) => goOnAlike(other, prompt)) ?? false
    const more = tokenIds.length - Math.max(known, shared) + (isBegun ? 0 : copied * known)
    if (chunk !== undefined && size + more <= budget) {
      chunk.push(prompt)
      size += more
    } else {
      chunks.push([prompt])
      size = tokenIds.length - known + copied * known
    }
  }
  return chunks
}

/**
 * In order. Neighbours that have more in common with each other than with what is held of them go on from the same, so that
 * what they share is fed once: each may have been found in another conversation that begins like it.
 */
function goingOnTogether(prompts: readonly Prompt[]): Ordered[] {
  const ordered = prompts
    .map((prompt, index): Ordered => ({ ...prompt, index }))
    .sort((a, b) => compareSequences(a.tokenIds, b.tokenIds))
  const runs: { members: Ordered[]; common: number }[] = []
  for (const prompt of ordered) {
    const run = runs.at(-1)
    const last = run?.members.at(-1)
    // The last token of a prompt is fed, whatever is held of it.
    const common =
      last === undefined
        ? 0
        : commonPrefix(last.tokenIds, prompt.tokenIds, Math.min(last.tokenIds.length, prompt.tokenIds.length) - 1)
    const found = Math.max(last?.found?.length ?? 0, prompt.found?.length ?? 0)
    if (run !== undefined && common > 0 && common + nearly >= found) {
      run.members.push(prompt)
      run.common = Math.min(run.common, common)
    } else runs.push({ members: [prompt], common: Number.POSITIVE_INFINITY })
  }
  return runs.flatMap(({ members, common }) => {
    const longest = members.reduce(
      (best, { found }) => ((found?.length ?? 0) > (best?.length ?? 0) ? found : best),
      members[0]!.found,
    )
    const found = longest && { row: longest.row, length: Math.min(longest.length, common) }
    return members.map((prompt) => ({ ...prompt, found }))
  })
}
