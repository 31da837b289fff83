/**
 * Which rows of a batch hold what they begin with together. A beginning costs a few calls a layer and step, a row of its own
 * costs its tokens in every copy of the cache: whatever enough rows share is held once.
 */
import { commonPrefix } from "./common-prefix.ts"
import type { Beginning } from "./key-value-cache.ts"

/** Rows from which on a new beginning is held once. */
const leastRows = 4
/** Tokens from which on it is worth its calls. */
const leastTokens = 32

export interface Sharing {
  /** What is there already, or the first tokens of a prompt, which are to be held from now on. */
  beginning?: Beginning | { prompt: number; length: number }
  /** Prompts, and how many of their first tokens are in the beginning. */
  members: readonly { prompt: number; shared: number }[]
}

/** `prompts` are in an order in which those that begin alike are neighbours. */
export function shareBeginnings(
  prompts: readonly { tokenIds: readonly number[]; rows: number }[],
  standing: readonly Beginning[],
): Sharing[] {
  const sharings: Sharing[] = []
  const left: number[] = []
  const rowsOf = (members: readonly number[]): number => members.reduce((sum, prompt) => sum + prompts[prompt]!.rows, 0)
  for (const chain of nested(prompts)) {
    const last = chain.at(-1)!
    if (rowsOf(chain) < leastRows) left.push(...chain)
    else
      sharings.push({
        beginning: { prompt: last, length: prompts[last]!.tokenIds.length },
        members: chain.map((prompt) => ({ prompt, shared: prompts[prompt]!.tokenIds.length })),
      })
  }
  const joining = Map.groupBy(left, (prompt) => closest(prompts[prompt]!.tokenIds, standing))
  for (const [beginning, members] of joining) {
    if (beginning === undefined) continue
    const shared = (prompt: number): number => commonPrefix(beginning.tokenIds, prompts[prompt]!.tokenIds)
    sharings.push({ beginning, members: members.map((prompt) => ({ prompt, shared: shared(prompt) })) })
  }
  for (const { members, length } of alike(prompts, joining.get(undefined) ?? [])) {
    const isShared = rowsOf(members) >= leastRows && length >= leastTokens
    sharings.push({
      beginning: isShared ? { prompt: members[0]!, length } : undefined,
      members: members.map((prompt) => ({ prompt, shared: isShared ? length : 0 })),
    })
  }
  return sharings
}

/** Chains of prompts that are beginnings of one another. */
function nested(prompts: readonly { tokenIds: readonly number[] }[]): number[][] {
  const chains: number[][] = []
  prompts.forEach(({ tokenIds }, index) => {
    const last = chains.at(-1)?.at(-1)
    const before = last === undefined ? undefined : prompts[last]!.tokenIds
    if (before !== undefined && commonPrefix(before, tokenIds) === before.length) chains.at(-1)!.push(index)
    else chains.push([index])
  })
  return chains
}

/** What is there already and has most of the prompt, if that is worth it. */
export function closest<B extends Pick<Beginning, "tokenIds">>(
  tokenIds: readonly number[],
  standing: readonly B[],
): B | undefined {
  let best: B | undefined
  let most = Math.max(leastTokens, tokenIds.length / 4) - 1
  for (const each of standing) {
    const length = commonPrefix(each.tokenIds, tokenIds)
    if (length > most) [best, most] = [each, length]
  }
  return best
}

/** Neighbours as long as they go on sharing at least half of what those before them do. */
function alike(
  prompts: readonly { tokenIds: readonly number[] }[],
  members: readonly number[],
): { members: number[]; length: number }[] {
  const groups: { members: number[]; length: number }[] = []
  for (const prompt of members) {
    const { tokenIds } = prompts[prompt]!
    const last = groups.at(-1)
    const length = last === undefined ? 0 : commonPrefix(prompts[last.members[0]!]!.tokenIds, tokenIds, last.length)
    if (last !== undefined && length >= Math.max(leastTokens, last.length / 2)) {
      last.members.push(prompt)
      last.length = length
    } else groups.push({ members: [prompt], length: tokenIds.length })
  }
  return groups
}
