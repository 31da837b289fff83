/**
 * Text to token ids and back, from a folder's tokenizer.json, and the folder's chat template.
 * Invariant: ids are those of the Rust library `tokenizers`; a part that is not computed as there is refused when it is opened.
 */
import { type ApplyChatTemplate, chatTemplate, type TemplateTexts } from "./chat-template.ts"
import { openCheckpoint } from "./checkpoint.ts"
import type { AddedToken } from "./tokenization/added-tokens.ts"
import { contentOf } from "./tokenization/part.ts"
import { createPipeline, type Pipeline, type TextOnlyEncoder } from "./tokenization/pipeline.ts"
import type { TokenizerSource } from "./tokenizer-source.ts"

export interface Tokenizer {
  /**
   * Ids of a text. `addSpecialTokens` (default false) lets the post-processor add its own, e.g. a begin-of-text token;
   * with `namesAreText` (default false) the names of control tokens are text like any other.
   */
  encode(text: string, options?: { addSpecialTokens?: boolean; namesAreText?: boolean }): number[]
  /** Ids of a text in which names of control tokens that hold the mark are text, without it, and whole ones such tokens. */
  encodeMarked(text: string, mark: string): number[]
  /** Text of ids, as transformers decodes them; special tokens are kept unless `skipSpecialTokens`. */
  decode(ids: readonly number[], options?: { skipSpecialTokens?: boolean }): string
  vocabularySize: number
  /** How many of these were added to the vocabulary that was learnt, e.g. for padding or turns. */
  addedTokens: number
  /** Ids after which a model's turn is over: eos_token, generation_config's, and the usual end-of-turn tokens. */
  endOfTurnTokenIds: readonly number[]
  specialTokens: ReadonlyMap<string, number>
  /** Special tokens, and others that begin or end turns: names that no text but a template's may speak. */
  controlTokens: ReadonlyMap<string, number>
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  /** Renders a conversation with the folder's template; absent where there is none. */
  applyChatTemplate?: ApplyChatTemplate
}

type Json = Record<string, unknown>

const usualEnds = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end|>"]
/** Fine-tuned models often have these as ordinary added tokens. */
const usualMarks = [
  ...usualEnds,
  ...["<|im_start|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>", "[INST]", "[/INST]"],
  ...["<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "<s>", "</s>"],
  ...["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<|python_tag|>"],
  ...["<|tool|>", "<|/tool|>", "<|tool_call|>", "<|/tool_call|>", "<|tool_response|>"],
  ...["[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]"],
]
/** Variables of a chat template, where the tokenizer has such a token. */
const tokenNames = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]

/** Loads the tokenizer and chat template of a folder or a GGUF file. */
export const loadTokenizer = (path: string): Tokenizer => createTokenizer(openCheckpoint(path).tokenizer())

/** A tokenizer from parsed files. */
export function createTokenizer(source: TokenizerSource): Tokenizer {
  const { tokenizer, config = {}, where = "tokenizer.json" } = source
  const pipeline = open(tokenizer, config, where)
  const { added } = pipeline
  const named = (of: (token: AddedToken) => boolean) =>
    new Map(added.filter(of).map(({ content, id }): [string, number] => [content, id]))
  const isAdded = (name: string): boolean => added.some(({ content }) => content === name)
  const special = named((token) => token.special)
  const ends = new Set<number>()
  for (const token of [contentOf(config.eos_token), ...usualEnds.filter((name) => isAdded(name))]) {
    const id = token === undefined ? undefined : pipeline.idOf(token)
    if (id !== undefined) ends.add(id)
  }
  for (const id of (source.endTokenIds ?? []).flat()) if (typeof id === "number") ends.add(id)
  const control = named(({ content, id, special }) => special || ends.has(id) || usualMarks.includes(content))
  let known: TextOnlyEncoder | undefined
  const textOnly = (): TextOnlyEncoder => {
    known ??= pipeline.encoderWithout(new Set(control.keys()))
    return known
  }
  const template = source.template ?? templatesOf(config.chat_template)
  const variables = Object.fromEntries(
    tokenNames.map((name) => [name, contentOf(config[name])]).filter(([, content]) => content !== undefined),
  )
  return {
    encode(text, { addSpecialTokens = false, namesAreText = false } = {}) {
      const ids = inFile(where, () => (namesAreText ? textOnly() : pipeline).encode(text))
      return addSpecialTokens ? [...pipeline.postProcess(ids)] : ids
    },
    encodeMarked: (text, mark) => inFile(where, () => textOnly().encodeMarked(text, mark)),
    decode: (ids, { skipSpecialTokens = false } = {}) => pipeline.decode(ids, skipSpecialTokens),
    vocabularySize: pipeline.size,
    addedTokens: added.length,
    endOfTurnTokenIds: [...ends],
    specialTokens: special,
    controlTokens: control,
    tokenToId: pipeline.idOf,
    idToToken: pipeline.tokenOf,
    applyChatTemplate:
      template === undefined ? undefined : chatTemplate(template, variables, source.templateWhere ?? where),
  }
}

const open = (tokenizer: Readonly<Json>, config: Readonly<Json>, where: string): Pipeline =>
  inFile(`${where}: the tokenizer cannot be read`, () => createPipeline(tokenizer, config))

/** An error says where. */
function inFile<T>(where: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`)
  }
}

/** One, or several with names. */
function templatesOf(template: unknown): TemplateTexts | undefined {
  if (typeof template === "string") return template
  if (!Array.isArray(template)) return undefined
  return new Map((template as { name: string; template: string }[]).map((each) => [each.name, each.template]))
}
