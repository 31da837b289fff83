/**
 * A tokenizer.json as the Rust library `tokenizers` runs it: added tokens are found, the rest is normalised, split and encoded.
 * Its truncation and padding are for batches that others make; they do not apply here.
 */
import { type AddedToken, createFinder } from "./added-tokens.ts"
import { addedVocabulary } from "./added-vocabulary.ts"
import { cleaned, createDecoder } from "./decoders.ts"
import { createNormalizer, mayShorten } from "./normalizers.ts"
import { contentOf, type Json } from "./part.ts"
import { createPostProcessor } from "./post-processor.ts"
import { createPreTokenizer, placeMatters } from "./pre-tokenizers.ts"
import { kindOfModel } from "./token-model.ts"
import type { EncodePiece } from "./vocabulary.ts"

export interface TextOnlyEncoder {
  encode(text: string): number[]
  /** Hidden tokens are found all the same where their names are whole; a mark within breaks one, and is left out. */
  encodeMarked(text: string, mark: string): number[]
}

export interface Pipeline {
  /** Tokens, added ones among them. */
  size: number
  added: readonly AddedToken[]
  idOf(token: string): number | undefined
  tokenOf(id: number): string | undefined
  encode(text: string): number[]
  /** What encodes a text no part of which becomes one of the `hidden` tokens. */
  encoderWithout(hidden: ReadonlySet<string>): TextOnlyEncoder
  /** Ids of a text that stands alone. */
  postProcess(ids: readonly number[]): readonly number[]
  decode(ids: readonly number[], skipsSpecialTokens: boolean): string
}

export function createPipeline(tokenizer: Json, config: Json): Pipeline {
  const { normalizer, pre_tokenizer } = tokenizer
  const settings = modelSettings(tokenizer, config)
  const { kind, create } = kindOfModel(settings)
  const normalize = createNormalizer(normalizer) ?? ((text: string) => text)
  const preTokenize = createPreTokenizer(pre_tokenizer)
  if (placeMatters(pre_tokenizer) && mayShorten(normalizer))
    throw new Error("its pre-tokenizer Metaspace asks where a text begins, which its normalizer may change")
  const model = create(settings)
  const added = addedVocabulary(tokenizer, config, model.vocabulary)
  const decode = createDecoder(tokenizer.decoder)
  const addedIds = new Map(added.map(({ content, id }) => [content, id]))
  const idOf = (token: string): number | undefined => addedIds.get(token) ?? model.vocabulary.get(token)
  const tokens = new Map<number, string>()
  for (const [token, id] of model.vocabulary) tokens.set(id, token)
  for (const { id, content, normalized } of added) tokens.set(id, normalized ? normalize(content) : content)
  const special = new Set(added.filter((token) => token.special).map(({ content }) => content))
  const cleansUp =
    config.clean_up_tokenization_spaces === true &&
    (kind !== "BPE" || config.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output === true)
  const finder = (shown: readonly AddedToken[], patternOf: (token: AddedToken) => string) =>
    createFinder(shown.toSorted(specialFirst).map((token) => ({ token, pattern: patternOf(token) })))
  /** What encodes with these tokens: those of the text as it is written, and those of the normalised one. */
  const encoderOf = (encodePiece: EncodePiece, written: readonly AddedToken[], normalised: readonly AddedToken[]) => {
    const findWritten = finder(written, ({ content }) => content)
    const findNormalised = finder(normalised, ({ content }) => normalize(content))
    return (text: string, mark?: string): number[] =>
      findWritten(text.toWellFormed()).flatMap((outer) => {
        if (outer.id !== undefined) return [outer.id]
        const section = mark === undefined ? outer.text : outer.text.replaceAll(mark, "")
        return findNormalised(normalize(section)).flatMap(({ text: inner, start, id }) =>
          id !== undefined
            ? [id]
            : preTokenize(inner, outer.start === 0 && start === 0).flatMap((piece) => encodePiece(piece)),
        )
      })
  }
  const normalised = added.filter(({ normalized }) => normalized)
  const written = added.filter(({ normalized }) => !normalized)
  const encode = encoderOf(model.encoder(new Set()), written, normalised)
  return {
    size: model.vocabulary.size + added.filter(({ content }) => !model.vocabulary.has(content)).length,
    added,
    idOf,
    tokenOf: (id) => tokens.get(id),
    encode: (text) => encode(text),
    encoderWithout(hidden) {
      const encodePiece = model.encoder(hidden)
      const isShown = ({ content }: AddedToken): boolean => !hidden.has(content)
      const shown = normalised.filter(isShown)
      const all = [...written, ...normalised.filter((token) => !isShown(token))]
      const [plain, marked] = [written.filter(isShown), all].map((tokens) => encoderOf(encodePiece, tokens, shown))
      return { encode: (text) => plain!(text), encodeMarked: (text, mark) => marked!(text, mark) }
    },
    postProcess: createPostProcessor(tokenizer.post_processor),
    decode(ids, skipsSpecialTokens) {
      const all = ids.flatMap((id) => tokens.get(id) ?? [])
      const text = decode(skipsSpecialTokens ? all.filter((token) => !special.has(token)) : all)
      return cleansUp ? cleaned(text) : text
    },
  }
}

const specialFirst = (a: AddedToken, b: AddedToken): number => Number(b.special) - Number(a.special)

/** Words that are unknown may be told by tokenizer_config.json alone. */
function modelSettings({ model }: Json, { unk_token: unknown }: Json): Json {
  if (typeof model !== "object" || model === null) throw new Error("it has no model")
  return "unk_token" in model || "merges" in model ? (model as Json) : { ...model, unk_token: contentOf(unknown) }
}
