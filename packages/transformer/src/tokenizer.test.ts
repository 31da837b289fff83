import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as index from "./index.ts"
import { createTokenizer, type Tokenizer } from "./tokenizer.ts"

const folder = fileURLToPath(new URL("../../../fixtures/transformer/tokenizers/", import.meta.url))
const read = (name: string) => JSON.parse(readFileSync(`${folder}${name}`, "utf8"))
const load = (name: string): Tokenizer => createTokenizer({ tokenizer: read(`${name}.json`) })

describe.each([
  "bpe",
  "word-level",
  "single-digits",
  "runs-of-digits",
  "byte-level",
  "split-by-pattern",
  "whitespace",
  "whitespace-split",
  "stripped",
  "byte-fallback",
])("tokenizer %s", (name) => {
  it("encodes and decodes as the Rust library does", () => {
    const tokenizer = load(name)
    for (const { text, ids, decoded } of read(`${name}.cases.json`)) {
      expect(tokenizer.encode(text)).toEqual(ids)
      expect(tokenizer.decode(ids)).toBe(decoded)
    }
  })
})

/** Cuts by the Rust library; a long s and a Kelvin sign are an s and a k to it. */
it.each([
  ["\n're'\u212a9", ["\n", "'re", "'\u212a", "9"]],
  ["'\u212a'LL'\u212a\u00e9donit'S", ["'\u212a", "'LL", "'\u212a\u00e9donit", "'S"]],
  ["it'\u017fa", ["it", "'\u017f", "a"]],
  ["'LLa", ["'LL", "a"]],
])("%j: a group that ignores case folds as Unicode does", (text, parts) => {
  const pattern = {
    Regex: "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s+",
  }
  const vocab = Object.fromEntries([...parts, "<unk>"].map((part, id) => [part, id]))
  const tokenizer = createTokenizer({
    tokenizer: {
      added_tokens: [],
      pre_tokenizer: { type: "Split", pattern, behavior: "Isolated", invert: false },
      model: { type: "WordLevel", vocab, unk_token: "<unk>" },
    },
  })
  expect(tokenizer.encode(text)).toEqual(parts.map((part) => vocab[part]))
})

describe("tokenizer", () => {
  it.each(["bpe", "byte-level", "byte-fallback", "word-level"])(
    "%s: names of special tokens are text where it is asked for, and come back as they were",
    (name) => {
      const tokenizer = load(name)
      for (const [special, id] of tokenizer.specialTokens) {
        if (special === "<unk>") continue
        const text = `a${special}b`
        expect(tokenizer.encode(text)).toContain(id)
        const ids = tokenizer.encode(text, { namesAreText: true })
        expect(ids).not.toContain(id)
        if (name !== "word-level") expect(tokenizer.decode(ids).trim()).toBe(text)
      }
    },
  )

  it("a unigram vocabulary does not find a special token's name as a piece of text", () => {
    const vocab = [["<unk>", 0], ["</s>", 0], ...[..."</s>a"].map((letter) => [letter, -1])]
    const model = { type: "Unigram", unk_id: 0, vocab }
    const added_tokens = [{ id: 1, content: "</s>", special: true }]
    const tokenizer = createTokenizer({ tokenizer: { model, added_tokens } })
    expect(tokenizer.encode("a</s>")).toEqual([6, 1])
    expect(tokenizer.encode("a</s>", { namesAreText: true })).toEqual([6, 2, 3, 4, 5])
  })

  it("byte-level: any text comes back", () => {
    const tokenizer = load("bpe")
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it("word-level with Split and Fuse: words, digits and spaces come back, 12 apart from 1 2", () => {
    const tokenizer = load("word-level")
    const part = fc.constantFrom(" has", " bags", " apples", ".", "\n", " ", "1", "2", " 1", " 2", "<|end|>")
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(tokenizer.decode(tokenizer.encode(parts.join("")))).toBe(parts.join(""))
      }),
    )
    expect(tokenizer.encode(" 1 2")).not.toEqual(tokenizer.encode(" 12"))
    expect(tokenizer.idToToken(tokenizer.encode("zebra")[0]!)).toBe("<unk>")
    expect(tokenizer.decode(tokenizer.encode(" has<|end|>"), { skipSpecialTokens: true })).toBe(" has")
  })

  it("knows the end of a turn from config, generation config and the usual names", () => {
    expect(load("bpe").endOfTurnTokenIds).toEqual([load("bpe").tokenToId("<|im_end|>")])
    const named = createTokenizer({
      tokenizer: read("word-level.json"),
      config: { eos_token: { content: "<|end|>" } },
      endTokenIds: [[7, 1], null],
    })
    expect(named.endOfTurnTokenIds).toEqual([1, 7])
  })

  it("renders the chat template", () => {
    const chat_template =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    const tokenizer = createTokenizer({ tokenizer: read("bpe.json"), config: { chat_template } })
    const text = tokenizer.applyChatTemplate?.([{ role: "user", content: "Hi" }], { addGenerationPrompt: true })
    expect(text).toBe("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
  })

  it("gives a chat template the tokens that there are, and takes the one of several that transformers would", () => {
    const rendered = (config: Record<string, unknown>, variables?: Record<string, unknown>) =>
      createTokenizer({ tokenizer: read("bpe.json"), config, where: "there" }).applyChatTemplate?.([], { variables })
    const asked = "{{ bos_token }}{{ bos_token is defined }}{{ sep_token }}{{ tools is none }}"
    expect(rendered({ chat_template: asked, bos_token: null, sep_token: { content: "|" } })).toBe("False|True")
    expect(rendered({ chat_template: asked, bos_token: "<s>" }, { tools: undefined })).toBe("<s>TrueTrue")
    const several = [
      { name: "default", template: "plain" },
      { name: "tool_use", template: "with {{ tools | length }}" },
    ]
    expect(rendered({ chat_template: several })).toBe("plain")
    expect(rendered({ chat_template: several }, { tools: [{}] })).toBe("with 1")
    expect(() => rendered({ chat_template: several.slice(1) })).toThrow(
      "there: none of its chat templates (tool_use) is the default: put the one to use into chat_template.jinja.",
    )
  })

  it("refuses a word it has no token for, and a broken file", () => {
    const tokenizer = createTokenizer({
      tokenizer: { model: { type: "WordLevel", vocab: { a: 0 } }, pre_tokenizer: { type: "WhitespaceSplit" } },
    })
    expect(() => tokenizer.encode("a b")).toThrow('"b" is not in the vocabulary')
    expect(() => createTokenizer({ tokenizer: {}, where: "there/tokenizer.json" })).toThrow(
      "there/tokenizer.json: the tokenizer cannot be read",
    )
  })

  it("is also exported under the name that checks from outside call", () => {
    expect(index.makeTokenizer).toBe(createTokenizer)
  })
})

describe("a tokenizer.json that is not computed here", () => {
  const model = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] }
  const split = { type: "Split", pattern: { Regex: "a" }, behavior: "Isolated", invert: false }
  it.each<[Record<string, unknown>, string]>([
    [
      { pre_tokenizer: { type: "UnicodeScripts" } },
      "its pre-tokenizer UnicodeScripts is not supported; known are Split,",
    ],
    [{ pre_tokenizer: { type: "Sequence", pretokenizers: [split, { type: "New" }] } }, "its pre-tokenizer New is not"],
    [{ pre_tokenizer: { ...split, behavior: "Sideways" } }, 'its pre-tokenizer Split has the behavior "Sideways"'],
    [{ pre_tokenizer: { ...split, pattern: { Regex: "(a" } } }, 'its pre-tokenizer Split has the pattern "(a", which'],
    [
      { pre_tokenizer: { type: "Sequence", pretokenizers: [split, { type: "Metaspace", prepend_scheme: "first" }] } },
      "its pre-tokenizer Split stands before one that asks where a text begins",
    ],
    [
      { normalizer: { type: "Strip" }, pre_tokenizer: { type: "Metaspace", prepend_scheme: "first" } },
      "its pre-tokenizer Metaspace asks where a text begins, which its normalizer may change",
    ],
    [{ pre_tokenizer: { type: "FixedLength", length: 0 } }, "its pre-tokenizer FixedLength has the length 0"],
    [{ normalizer: { type: "toString" } }, "its normalizer toString is not supported; known are NFC,"],
    [
      { normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } },
      "its normalizer Precompiled has a damaged precompiled_charsmap",
    ],
    [{ decoder: { type: "Sequence", decoders: [{ type: "Upper" }] } }, "its decoder Upper is not supported"],
    [{ post_processor: { type: "Rotate" } }, "its post-processor Rotate is not supported"],
    [
      { post_processor: { type: "TemplateProcessing", single: [{ SpecialToken: { id: "x" } }] } },
      'its post-processor TemplateProcessing has no ids of "x"',
    ],
    [{ model: { ...model, dropout: 0.1 } }, "its model drops merges at random (dropout 0.1)"],
    [{ model: { ...model, merges: ["a c"] } }, 'its merge 0 needs the token "c", which is not in its vocabulary'],
    [{ model: { ...model, merges: ["a b c"] } }, 'its merge 0 is "a b c"'],
    [{ model: { ...model, unk_token: "?" } }, 'its unknown token "?" is not in its vocabulary'],
    [{ model: { ...model, vocab: { a: -1 } } }, 'its vocabulary gives "a" the id -1'],
    [{ model: { type: "Neural" } }, "its model is Neural; known are BPE, Unigram, WordPiece, WordLevel"],
    [{ model: { type: "Unigram", vocab: [["a", 0]], unk_id: 7 } }, "its unknown token has the id 7, which is not"],
  ])("%j is refused when it is opened, by part and file", (parts, sentence) => {
    expect(() => createTokenizer({ tokenizer: { model, ...parts }, where: "m/tokenizer.json" })).toThrow(
      `m/tokenizer.json: the tokenizer cannot be read: ${sentence}`,
    )
  })
})
