/**
 * The tokenizer of a GGUF file as the tokenizer.json and tokenizer_config.json of a Hugging Face folder.
 * Invariant: how text is split is never guessed: a file says the name of a split that is known here, or it is refused.
 */
import { ggufArchitecture, ggufTokenIds } from "./gguf-config.ts"
import type { GgufHeader } from "./gguf-header.ts"
import { mergesOf } from "./gguf-merges.ts"
import type { TokenizerSource } from "./tokenizer-source.ts"

type Json = Record<string, unknown>

/** What GGUF's numbers for kinds of tokens mean. */
const control = 3
const userDefined = 4
const unused = 5

const split = (pattern: string): Json => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior: "Isolated",
  invert: false,
})
const sequence = (...pretokenizers: Json[]): Json => ({ type: "Sequence", pretokenizers })
const byteLevel = (useRegex: boolean): Json => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
})
/** Words, runs of digits of a length, punctuation and blanks, as GPT-4 and its heirs split them. */
const words = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

interface Split {
  pre_tokenizer: Json
  normalizer?: Json
  /** A word that is a token is that token, whatever its merges say. */
  ignoresMerges?: boolean
  /** Begins with the begin-of-text token unless the file says otherwise. */
  beginsByDefault?: boolean
}
const gpt2: Split = { pre_tokenizer: byteLevel(true) }
const qwen2: Split = { pre_tokenizer: sequence(split(words("\\p{N}")), byteLevel(false)), normalizer: { type: "NFC" } }
const llama3: Split = {
  pre_tokenizer: sequence(split(words("\\p{N}{1,3}")), byteLevel(false)),
  ignoresMerges: true,
  beginsByDefault: true,
}
const splits: Readonly<Record<string, Split>> = {
  "gpt-2": gpt2,
  default: gpt2,
  smollm: { pre_tokenizer: sequence({ type: "Digits", individual_digits: true }, byteLevel(true)) },
  qwen2,
  "deepseek-r1-qwen": qwen2,
  "llama-bpe": llama3,
  llama3,
  "llama-v3": llama3,
}

interface Vocabulary {
  tokens: readonly string[]
  types: readonly number[]
  header: GgufHeader
}

/** What `createTokenizer` takes, of a file. */
export function ggufTokenizer(header: GgufHeader): TokenizerSource {
  const { file, metadata } = header
  const model = metadata.get("tokenizer.ggml.model")
  const stored = metadata.get("tokenizer.ggml.tokens")
  if (!isTexts(stored)) throw new Error(`${file}: it has no tokenizer (tokenizer.ggml.tokens).`)
  // Gemma's runs of blanks are stored as themselves.
  const tokens = isGemma(header)
    ? stored.map((token) => (/^ {2,}$/.test(token) ? token.replaceAll(" ", "▁") : token))
    : stored
  const types = (metadata.get("tokenizer.ggml.token_type") ?? []) as readonly number[]
  const vocabulary = { tokens, types, header }
  const built =
    model === "gpt2"
      ? byteLevelTokenizer(vocabulary)
      : model === "llama"
        ? sentencePieceTokenizer(vocabulary)
        : undefined
  if (!built)
    throw new Error(
      `${file}: its tokenizer is of the kind ${JSON.stringify(model ?? null)}; gpt2 and llama are supported.`,
    )
  const { begins, ...parts } = built
  const { bos_token_id, eos_token_id } = ggufTokenIds(metadata)
  const named = (id: unknown): string | undefined => (typeof id === "number" ? tokens[id] : undefined)
  const begin = named(bos_token_id)
  const template = metadata.get("tokenizer.chat_template")
  return {
    where: file,
    endTokenIds: [eos_token_id],
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: addedTokens(vocabulary),
      normalizer: null,
      ...parts,
      post_processor:
        begin !== undefined && (metadata.get("tokenizer.ggml.add_bos_token") ?? begins)
          ? beginningWith(begin, Number(bos_token_id))
          : null,
    },
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      clean_up_tokenization_spaces: false,
      bos_token: begin,
      eos_token: named(metadata.get("tokenizer.ggml.eos_token_id")),
      unk_token: named(metadata.get("tokenizer.ggml.unknown_token_id")),
      pad_token: named(metadata.get("tokenizer.ggml.padding_token_id")),
      model_max_length: metadata.get(`${ggufArchitecture(header)}.context_length`),
      ...(typeof template === "string" ? { chat_template: template } : {}),
    },
  }
}

function byteLevelTokenizer({ tokens, types, header: { file, metadata } }: Vocabulary): Json & { begins: boolean } {
  const name = metadata.get("tokenizer.ggml.pre")
  const known = Object.keys(splits).join(", ")
  if (name === undefined)
    throw new Error(
      `${file}: it does not say how its tokenizer splits text (tokenizer.ggml.pre), as old files do not: convert the model anew. Known are ${known}.`,
    )
  if (typeof name !== "string" || !Object.hasOwn(splits, name))
    throw new Error(
      `${file}: its tokenizer splits text as ${JSON.stringify(name)} (tokenizer.ggml.pre); known are ${known}.`,
    )
  const { pre_tokenizer, normalizer = null, ignoresMerges = false, beginsByDefault = false } = splits[name]!
  const merges = metadata.get("tokenizer.ggml.merges")
  if (!isTexts(merges)) throw new Error(`${file}: its tokenizer has no merges (tokenizer.ggml.merges).`)
  return {
    begins: beginsByDefault,
    normalizer,
    pre_tokenizer,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: ignoresMerges,
      vocab: vocabOf(tokens, types),
      merges: merges.map((merge) => merge.split(" ")),
    },
  }
}

/** BPE over whole texts with blanks as ▁ and bytes for what is not in the vocabulary: Llama 2 and Gemma. */
function sentencePieceTokenizer({ tokens, types, header }: Vocabulary): Json & { begins: boolean } {
  const { metadata } = header
  const gemma = isGemma(header)
  const addsBlank = !gemma && (metadata.get("tokenizer.ggml.add_space_prefix") ?? true) === true
  const scores = (metadata.get("tokenizer.ggml.scores") ?? []) as readonly number[]
  const given = metadata.get("tokenizer.ggml.merges")
  const unknown = metadata.get("tokenizer.ggml.unknown_token_id")
  return {
    begins: true,
    normalizer: gemma ? { type: "Replace", pattern: { String: " " }, content: "▁" } : null,
    pre_tokenizer: gemma
      ? { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false }
      : { type: "Metaspace", replacement: "▁", prepend_scheme: addsBlank ? "first" : "never", split: false },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        ...(addsBlank ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: typeof unknown === "number" ? (tokens[unknown] ?? null) : null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: vocabOf(tokens, types),
      merges: isTexts(given)
        ? given.map((merge) => merge.split(" "))
        : // Gemma's scores say nothing: its tokens stand in their order.
          mergesOf(tokens, gemma ? (id) => id : (id) => -(scores[id] ?? 0)),
    },
  }
}

const isGemma = (header: GgufHeader): boolean => ggufArchitecture(header).startsWith("gemma")

/** Rows that only fill the embedding up have made-up names, which are no text of a token. */
const isPadding = (token: string, type: number | undefined, id: number): boolean =>
  type === unused && token === `[PAD${id}]`

const vocabOf = (tokens: readonly string[], types: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    tokens.flatMap((token, id): [string, number][] => (isPadding(token, types[id], id) ? [] : [[token, id]])),
  )

/** Tokens that are found in a text before it is split. */
const addedTokens = ({ tokens, types }: Vocabulary): Json[] =>
  tokens.flatMap((content, id) =>
    types[id] === control || types[id] === userDefined
      ? [
          {
            id,
            content,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: types[id] === control,
          },
        ]
      : [],
  )

function beginningWith(token: string, id: number): Json {
  const begin = { SpecialToken: { id: token, type_id: 0 } }
  const text = (name: string, type: number) => ({ Sequence: { id: name, type_id: type } })
  return {
    type: "TemplateProcessing",
    single: [begin, text("A", 0)],
    pair: [begin, text("A", 0), { SpecialToken: { id: token, type_id: 1 } }, text("B", 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  }
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string")
