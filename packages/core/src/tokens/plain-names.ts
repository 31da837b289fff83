/**
 * Names of control tokens in what questions, tools and people wrote (`</s>` in a page's HTML, `<|im_end|>` in a page about
 * models) are text, never control. Such a name is broken by a character that no text has before a template is rendered, so
 * only the template's own are whole; what it rendered is encoded piece by piece between those.
 */
import type { TextCodec } from "./text-codec.ts"

/** A noncharacter of Unicode: it stands for nothing in any text. */
const breaker = "\ufdd0"

/** The text with every name of a control token in it broken; as it is where there is none, or the codec knows none. */
export function breakNames({ names }: TextCodec, text: string): string {
  return (names?.within(text) ?? []).reduce(
    (broken, name) => broken.replaceAll(name, `${name[0]}${breaker}${name.slice(1)}`),
    text,
  )
}

/** Ids of a text in which broken names are text and whole ones control tokens. */
export function encodeBroken(codec: TextCodec, text: string): number[] {
  const { names } = codec
  if (!names || !text.includes(breaker)) return codec.encode(text)
  if (names.encodeMarked) return names.encodeMarked(text, breaker)
  const own = names.within(text)
  const parts = own.length > 0 ? text.split(new RegExp(`(${own.map(literally).join("|")})`)) : [text]
  return parts.flatMap((part) => (own.includes(part) ? codec.encode(part) : names.encode(part.replaceAll(breaker, ""))))
}

const literally = (name: string): string => name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
