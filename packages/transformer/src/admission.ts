/**
 * Rows that begin: their prompts go through the network, each once, however many rows share it. Invariant: every row comes
 * out once, with the logits for its first token and its part of a cache.
 */
import type * as tf from "@tensorflow/tfjs-core"
import { append } from "./append.ts"
import { closest } from "./beginnings.ts"
import { commonPrefix } from "./common-prefix.ts"
import { kernelsFor } from "./kernels.ts"
import { type Beginning, cacheFromRows, type KeyValueCache, selectRows } from "./key-value-cache.ts"
import { type Prompt, prefill } from "./prefill.ts"
import type { PrefixCache } from "./prefix-cache.ts"
import { chunkPrompts } from "./prompt-chunks.ts"
import type { TransformerModel } from "./transformer-model.ts"

/** Whatever begins with tokens. */
interface Asking {
  begins: readonly number[]
}

/** Rows that begin together. */
interface Admitted<Row> {
  members: readonly Row[]
  /** [prompts, vocabulary]. */
  logits: tf.Tensor2D
  /** Of each member its row of the logits. */
  owners: readonly number[]
  /** A row a member. */
  cache: KeyValueCache
}

interface AdmissionOptions {
  prefixCache?: PrefixCache
  /** Padded prompt tokens fed at once. */
  prefillBudget: number
  /** Beginnings that the batch holds by now. */
  standing(): readonly Beginning[]
}

interface Plan<Row> {
  members: Row[]
  found?: Prompt["found"]
  /** Of the prompt, what no cache holds. */
  fresh: readonly number[]
}

/** Whoever takes what comes owns it: logits and cache are theirs to free. */
export function* admitted<Row extends Asking>(
  model: TransformerModel,
  joining: readonly Row[],
  { prefixCache, prefillBudget, standing }: AdmissionOptions,
): Generator<Admitted<Row>> {
  const prompts = Map.groupBy(joining, (row) => row.begins.join())
  const plans = [...prompts.values()].map((members): Plan<Row> => {
    const tokenIds = members[0]!.begins
    const found = prefixCache?.find(tokenIds)
    return { members, found, fresh: tokenIds.slice(found?.length ?? 0) }
  })
  if (kernelsFor(model.config) === undefined) yield* asTries(model, plans, prefillBudget, standing)
  else yield* rowByRow(model, plans, prefillBudget)
}

/** In chunks of rows that need about as many new tokens. */
function* rowByRow<Row>(model: TransformerModel, plans: Plan<Row>[], prefillBudget: number): Generator<Admitted<Row>> {
  const { config } = model
  plans.sort((a, b) => a.fresh.length - b.fresh.length)
  while (plans.length > 0) {
    let count = 1
    while (count < plans.length && (count + 1) * plans[count]!.fresh.length <= prefillBudget) count++
    const part = plans.splice(0, count)
    const start = cacheFromRows(
      config,
      part.map(({ found }) => ({ length: 0, ...found })),
    )
    const { logits, cache } = append(
      model,
      start,
      part.map(({ fresh }) => fresh),
    )
    const owners = part.flatMap(({ members }, index) => members.map(() => index))
    const forked = owners.length === part.length ? cache : selectRows(config, cache, owners)
    yield { members: part.flatMap(({ members }) => members), logits, owners, cache: forked }
  }
}

/** As tries: what several prompts begin with goes in once and is held once. */
function* asTries<Row extends Asking>(
  model: TransformerModel,
  plans: readonly Plan<Row>[],
  prefillBudget: number,
  standing: () => readonly Beginning[],
): Generator<Admitted<Row>> {
  const held = standing().map((each) => ({ ...each, length: each.tokenIds.length }))
  const prompts = plans.map(({ members, found }): Prompt => {
    const { begins: tokenIds } = members[0]!
    return { tokenIds, rows: members.length, found: longer(found, tokenIds, held) }
  })
  for (const chunk of chunkPrompts(prompts, prefillBudget)) {
    const { logits, owners, cache } = prefill(model, chunk, standing())
    const left = chunk.map(({ index }) => [...plans[index]!.members])
    yield { members: owners.map((owner) => left[owner]!.shift()!), logits, owners, cache }
  }
}

/** What the prefix cache has of a prompt, or what the batch holds of it where that is more. */
function longer(
  found: Prompt["found"],
  tokenIds: readonly number[],
  held: readonly (Beginning & { length: number })[],
): Prompt["found"] {
  const row = closest(tokenIds, held)
  const length = row ? commonPrefix(row.tokenIds, tokenIds, tokenIds.length - 1) : 0
  return row && length > (found?.length ?? 0) ? { row, length } : found
}
