/** How tokens are written as text. */
import { bytesOfToken } from "./byte-alphabet.ts"
import { replace } from "./normalizers.ts"
import { makerOf, type Part, partsOf } from "./part.ts"

type Decoder = (tokens: readonly string[]) => readonly string[]

const lossy = new TextDecoder("utf-8", { ignoreBOM: true })
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true })

const makers: Readonly<Record<string, (part: Part) => Decoder>> = {
  ByteLevel: () => (tokens) => [lossy.decode(Uint8Array.from(tokens.flatMap(bytesOfToken)))],
  ByteFallback: () => fallenBack,
  Fuse: () => (tokens) => [tokens.join("")],
  Replace: (part) => {
    const each = replace(part)
    return (tokens) => tokens.map(each)
  },
  Strip: strip,
  Metaspace: metaspace,
  BPEDecoder:
    ({ settings: { suffix = "</w>" } }) =>
    (tokens) =>
      tokens.map((token, at) => token.replaceAll(`${suffix}`, at === tokens.length - 1 ? "" : " ")),
  WordPiece:
    ({ settings: { prefix = "##", cleanup = true } }) =>
    (tokens) =>
      tokens.map((token, at) => {
        const isContinued = token.startsWith(`${prefix}`)
        const text = at === 0 ? token : isContinued ? token.slice(`${prefix}`.length) : ` ${token}`
        return cleanup ? cleanedInDecoder(text) : text
      }),
  CTC:
    ({ settings: { pad_token = "<pad>", word_delimiter_token = "|", cleanup = true } }) =>
    (tokens) =>
      tokens
        .filter((token, at) => token !== tokens[at - 1])
        .map((token) => {
          const text = token.replaceAll(`${pad_token}`, "")
          return cleanup ? cleanedInDecoder(text).replaceAll(`${word_delimiter_token}`, " ") : text
        })
        .filter((text) => text !== ""),
}

/** Without any, tokens stand side by side with a blank between. */
export function createDecoder(value: unknown): (tokens: readonly string[]) => string {
  const all = partsOf(value, "decoder", "decoders").map((part) => makerOf(part, makers))
  if (all.length === 0) return (tokens) => tokens.join(" ")
  return (tokens) => all.reduce((done, each) => each(done), tokens).join("")
}

/** Runs of single bytes as the text that they are, or a sign of damage for each. */
function fallenBack(tokens: readonly string[]): string[] {
  const result: string[] = []
  let bytes: number[] = []
  const flush = (): void => {
    if (bytes.length === 0) return
    try {
      result.push(strict.decode(Uint8Array.from(bytes)))
    } catch {
      result.push(...bytes.map(() => "\ufffd"))
    }
    bytes = []
  }
  for (const token of tokens) {
    const byte = /^<0x([\da-f]{2})>$/i.exec(token)?.[1]
    if (byte !== undefined) bytes.push(Number.parseInt(byte, 16))
    else {
      flush()
      result.push(token)
    }
  }
  flush()
  return result
}

function strip({ settings: { content, start = 0, stop = 0 } }: Part): Decoder {
  return (tokens) =>
    tokens.map((token) => {
      const characters = [...token]
      let [from, to] = [0, characters.length]
      while (from < Number(start) && from < to && characters[from] === content) from++
      while (characters.length - to < Number(stop) && to > from && characters[to - 1] === content) to--
      return characters.slice(from, to).join("")
    })
}

/** Of the first token its marks are taken away where one was put before the text. */
function metaspace({ settings: { replacement = "▁", prepend_scheme, add_prefix_space } }: Part): Decoder {
  const isBegun = prepend_scheme === undefined ? add_prefix_space !== false : prepend_scheme !== "never"
  return (tokens) => tokens.map((token, at) => token.replaceAll(`${replacement}`, at === 0 && isBegun ? "" : " "))
}

const artefacts: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
]

const withoutArtefacts = (text: string, all: typeof artefacts): string =>
  all.reduce((done, [artefact, proper]) => done.replaceAll(artefact, proper), text)

/** Without the blanks that splitting put before punctuation, as transformers takes them away. */
export const cleaned = (text: string): string => withoutArtefacts(text, artefacts)

/** The Rust library knows one artefact more. */
const cleanedInDecoder = (text: string): string =>
  withoutArtefacts(text, artefacts.toSpliced(7, 0, [" do not", " don't"]))
