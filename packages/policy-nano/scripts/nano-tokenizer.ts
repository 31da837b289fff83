/**
 * Writes the tokenizer of the embedded policy in Hugging Face's format, and encodes text by the same rules without it.
 * The chat template writes `<user> text<end>` and `<model>text<end>`; the model's own text begins with a space.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { specialTokens, splitPattern, vocabulary } from "./vocabulary.ts"

const chatTemplate =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}<model>{{ message['content'] }}<end>" +
  "{% else %}<user> {{ message['content'] }}<end>{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<model>{% endif %}"

/** tokenizer.json */
export const tokenizerJson = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: specialTokens.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: "Split", pattern: { Regex: splitPattern }, behavior: "Isolated", invert: false },
  post_processor: null,
  decoder: { type: "Fuse" },
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    unk_token: "<unk>",
  },
}

/** tokenizer_config.json */
export const tokenizerConfig = {
  tokenizer_class: "PreTrainedTokenizerFast",
  model_max_length: 320,
  pad_token: "<pad>",
  unk_token: "<unk>",
  eos_token: "<end>",
  additional_special_tokens: ["<user>", "<model>"],
  clean_up_tokenization_spaces: false,
  chat_template: chatTemplate,
}

export function writeTokenizer(directory: string): void {
  mkdirSync(directory, { recursive: true })
  for (const [name, value] of [
    ["tokenizer.json", tokenizerJson],
    ["tokenizer_config.json", tokenizerConfig],
  ] as const) {
    writeFileSync(join(directory, name), `${JSON.stringify(value, null, 2)}\n`)
  }
}

const ids = new Map(vocabulary.map((token, id) => [token, id]))
const pieces = new RegExp(`<(?:pad|unk|user|model|end)>|${splitPattern}`, "g")

/** Id of a token that is certainly there. */
export const tokenId = (token: string): number => {
  const id = ids.get(token)
  if (id === undefined) throw new Error(`"${token}" is not in the vocabulary of the embedded policy.`)
  return id
}

/** Ids of a text, as the tokenizer above gives them (a test compares both); much faster than the general one. */
export function encode(text: string): number[] {
  const unknown = tokenId("<unk>")
  return (text.match(pieces) ?? []).map((piece) => ids.get(piece) ?? unknown)
}

/** Text of ids; special tokens are left out. */
export const decode = (tokenIds: readonly number[]): string =>
  tokenIds.map((id) => (id < specialTokens.length ? "" : vocabulary[id]!)).join("")
