/**
 * Text to token ids and back, from a folder's tokenizer.json, and the folder's chat template.
 * Invariant: an id that comes out of `encode` is in the vocabulary; text that cannot be encoded is an error, never a hole.
 */
import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers"
import { keepingByteOrderMarks } from "./byte-order-marks.ts"
import { type ApplyChatTemplate, chatTemplate } from "./chat-template.ts"
import { openCheckpoint } from "./checkpoint.ts"
import { asRustReadsIt, withoutSpecialTokens } from "./tokenizer-json.ts"
import type { TokenizerSource } from "./tokenizer-source.ts"

export interface Tokenizer {
  /**
   * Ids of a text. `addSpecialTokens` (default false) lets the post-processor add its own, e.g. a begin-of-text token;
   * with `namesAreText` (default false) the names of special tokens are text like any other.
   */
  encode(text: string, options?: { addSpecialTokens?: boolean; namesAreText?: boolean }): number[]
  /** Text of ids, exactly as the decoder joins them; special tokens are kept unless `skipSpecialTokens`. */
  decode(ids: readonly number[], options?: { skipSpecialTokens?: boolean }): string
  vocabularySize: number
  /** How many of these were added to the vocabulary that was learnt, e.g. for padding or turns. */
  addedTokens: number
  /** Ids after which a model's turn is over: eos_token, generation_config's, and the usual end-of-turn tokens. */
  endOfTurnTokenIds: readonly number[]
  specialTokens: ReadonlyMap<string, number>
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  /** Renders a conversation with the folder's template; absent where there is none. */
  applyChatTemplate?: ApplyChatTemplate
}

type Json = Record<string, unknown>
const usualEnds = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end|>"]
const contentOf = (token: unknown): string | undefined =>
  typeof token === "string" ? token : ((token as { content?: string } | null | undefined)?.content ?? undefined)

/** Loads the tokenizer and chat template of a folder or a GGUF file. */
export const loadTokenizer = (path: string): Tokenizer => createTokenizer(openCheckpoint(path).tokenizer())

/** A tokenizer from parsed files. */
export function createTokenizer(source: TokenizerSource): Tokenizer {
  const { tokenizer, config = {}, where = "tokenizer.json" } = source
  const unknown = contentOf(config.unk_token) ?? (tokenizer.model as Json | undefined)?.unk_token
  const open = (json: Readonly<Json>): HuggingFaceTokenizer => {
    try {
      return new HuggingFaceTokenizer(
        { post_processor: null, decoder: null, added_tokens: [], ...asRustReadsIt(json) },
        { clean_up_tokenization_spaces: false, ...config, ...(unknown ? { unk_token: unknown } : {}) },
      )
    } catch (error) {
      throw new Error(`${where}: the tokenizer cannot be read: ${(error as Error).message}`)
    }
  }
  const inner = open(tokenizer)
  let withoutNames: HuggingFaceTokenizer | undefined
  const special = new Map<string, number>()
  for (const [id, token] of inner.get_added_tokens_decoder()) if (token.special) special.set(token.content, id)
  const ends = new Set<number>()
  for (const token of [contentOf(config.eos_token), ...usualEnds.filter((name) => special.has(name))]) {
    const id = token === undefined ? undefined : inner.token_to_id(token)
    if (id !== undefined) ends.add(id)
  }
  for (const id of (source.endTokenIds ?? []).flat()) if (typeof id === "number") ends.add(id)
  const template = source.template ?? defaultTemplate(config.chat_template)
  const named = Object.fromEntries(
    ["bos_token", "eos_token", "unk_token", "pad_token"].map((name) => [name, contentOf(config[name]) ?? ""]),
  )
  return {
    encode: (text, options = {}) => {
      if (text === "" && !options.addSpecialTokens) return []
      if (options.namesAreText)
        withoutNames ??= open(withoutSpecialTokens(tokenizer, [...special.keys()], `${unknown}`))
      const encoder = options.namesAreText ? withoutNames! : inner
      const { ids, tokens } = encoder.encode(text, { add_special_tokens: options.addSpecialTokens ?? false })
      const hole = (ids as (number | undefined)[]).indexOf(undefined)
      if (hole >= 0)
        throw new Error(
          `${where}: ${JSON.stringify(tokens[hole])} is not in the vocabulary, and there is no unknown token.`,
        )
      return ids
    },
    decode: (ids, options = {}) => {
      const settings = {
        skip_special_tokens: options.skipSpecialTokens ?? false,
        clean_up_tokenization_spaces: false,
      }
      return ids.length === 0 ? "" : keepingByteOrderMarks(inner, ids, (all) => inner.decode(all, settings))
    },
    vocabularySize: inner.get_vocab().size,
    addedTokens: inner.get_added_tokens_decoder().size,
    endOfTurnTokenIds: [...ends],
    specialTokens: special,
    tokenToId: (token) => inner.token_to_id(token),
    idToToken: (id) => inner.id_to_token(id),
    applyChatTemplate: template === undefined ? undefined : chatTemplate(template, named, where),
  }
}

function defaultTemplate(template: unknown): string | undefined {
  if (typeof template === "string") return template
  if (!Array.isArray(template)) return undefined
  return (template as { name: string; template: string }[]).find(({ name }) => name === "default")?.template
}
