/**
 * The tokens added to a learnt vocabulary: those of tokenizer.json, and those that tokenizer_config.json adds or makes special,
 * as transformers does when it opens a folder. Invariant: a token that the vocabulary has keeps its id, any other gets the next
 * one, whatever the file says; so does the Rust library.
 */
import { type AddedToken, addedToken } from "./added-tokens.ts"
import type { Json } from "./part.ts"

/** Fields of tokenizer_config.json that make a token special. The unknown one stays what tokenizer.json says. */
const named = ["bos_token", "eos_token", "sep_token", "pad_token", "cls_token", "mask_token"]

export function addedVocabulary(
  tokenizer: Json,
  config: Json,
  vocabulary: ReadonlyMap<string, number>,
): readonly AddedToken[] {
  const tokens = new Map<string, AddedToken>()
  const add = (json: Json): void => {
    const content = `${json.content}`
    if (content === "") return
    const id = vocabulary.get(content) ?? tokens.get(content)?.id ?? nextId(vocabulary, tokens)
    tokens.set(content, addedToken(json, id))
  }
  for (const json of listOf(tokenizer.added_tokens)) add(json)
  for (const json of Object.values((config.added_tokens_decoder ?? {}) as Record<string, Json>)) add(json)
  for (const token of [...named.map((name) => config[name]), ...extraTokens(config)]) {
    if (token === undefined || token === null) continue
    const settings: Json = typeof token === "string" ? { content: token, normalized: false } : (token as Json)
    const known = tokens.get(`${settings.content}`)
    if (known) tokens.set(known.content, { ...known, special: true })
    else add({ ...settings, special: true })
  }
  return [...tokens.values()]
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])

function extraTokens({ extra_special_tokens, additional_special_tokens }: Json): readonly unknown[] {
  const extra = extra_special_tokens ?? additional_special_tokens ?? []
  return Array.isArray(extra) ? extra : Object.values(extra as Json)
}

/** Behind all that there are. */
function nextId(vocabulary: ReadonlyMap<string, number>, tokens: ReadonlyMap<string, AddedToken>): number {
  const last = Math.max(-1, ...[...tokens.values()].map(({ id }) => id))
  return last >= vocabulary.size ? last + 1 : vocabulary.size
}
