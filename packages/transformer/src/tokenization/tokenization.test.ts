/** Every part of a tokenizer.json against what the Rust library makes of hostile texts (scripts/make-tokenization-fixtures.py). */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { createTokenizer, loadTokenizer } from "../tokenizer.ts"
import { createDecoder } from "./decoders.ts"
import { createNormalizer } from "./normalizers.ts"
import { createPreTokenizer } from "./pre-tokenizers.ts"

const folder =
  process.env.SWIRL_TOKENIZATION ??
  fileURLToPath(new URL("../../../../fixtures/transformer/tokenization", import.meta.url))

interface Group<Case> {
  name: string
  part: Record<string, unknown>
  cases: Case[]
}
const groupsOf = <Case>(kind: string): Group<Case>[] => JSON.parse(readFileSync(join(folder, `${kind}.json`), "utf8"))

describe("pre-tokenizers", () => {
  it.each(groupsOf<[string, string[]]>("pre-tokenizers"))("$name splits as the Rust library", ({ part, cases }) => {
    const preTokenize = createPreTokenizer(part)
    for (const [text, pieces] of cases) expect(preTokenize(text, true), JSON.stringify(text)).toEqual(pieces)
  })
})

describe("normalizers", () => {
  it.each(groupsOf<[string, string]>("normalizers"))("$name writes as the Rust library", ({ part, cases }) => {
    const normalize = createNormalizer(part)!
    for (const [text, written] of cases) expect(normalize(text), JSON.stringify(text)).toBe(written)
  })
})

describe("decoders", () => {
  it.each(groupsOf<[string[], string]>("decoders"))("$name decodes as the Rust library", ({ part, cases }) => {
    const decode = createDecoder(part)
    for (const [tokens, text] of cases) expect(decode(tokens), JSON.stringify(tokens)).toBe(text)
  })
})

describe("a whole tokenizer.json", () => {
  it.each(groupsOf<[string, number[], number[], string, string]>("whole"))(
    "$name: ids and texts of the Rust library, never cut nor padded",
    ({ part, cases }) => {
      const tokenizer = createTokenizer({ tokenizer: part })
      for (const [text, ids, withSpecial, decoded, withoutSpecial] of cases) {
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids)
        expect(tokenizer.encode(text, { addSpecialTokens: true })).toEqual(withSpecial)
        expect(tokenizer.decode(ids)).toBe(decoded)
        expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(withoutSpecial)
      }
    },
  )
})

interface Folder extends Omit<Group<[string, number[], string, string, number[]]>, "part"> {
  files: Record<string, object>
}

describe("a folder", () => {
  it.each(JSON.parse(readFileSync(join(folder, "folders.json"), "utf8")) as Folder[])(
    "$name: ids and texts of transformers",
    ({ files, cases }) => {
      const tokenizer = loadTokenizer(temporaryFolder(files))
      for (const [text, ids, decoded, withoutSpecial, whole] of cases) {
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids)
        expect(tokenizer.encode(text, { addSpecialTokens: true })).toEqual(whole)
        expect(tokenizer.decode(ids)).toBe(decoded)
        expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(withoutSpecial)
      }
    },
  )
})

describe("every character of Unicode", () => {
  const isGone: Record<string, (character: string) => boolean> = {
    punctuation: (
      (preTokenize) => (character) =>
        preTokenize(character, true).length === 0
    )(createPreTokenizer({ type: "Punctuation", behavior: "Removed" })),
    marks: (
      (normalize) => (character) =>
        normalize(character) === ""
    )(createNormalizer({ type: "StripAccents" })!),
    "nonspacing marks and controls": (
      (normalize) => (character) =>
        normalize(character) === ""
    )(createNormalizer({ type: "BertNormalizer", handle_chinese_chars: false })!),
  }
  const classes = JSON.parse(readFileSync(join(folder, "characters.json"), "utf8")) as {
    name: string
    ranges: [number, number][]
  }[]
  it.each(classes)("is one of $name where it is to the Rust library", ({ name, ranges }) => {
    const expected = new Set(
      ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
    )
    const differing: string[] = []
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      if (isGone[name]!(String.fromCodePoint(code)) !== expected.has(code)) differing.push(code.toString(16))
    }
    expect(differing).toEqual([])
  })
})
