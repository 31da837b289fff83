/** What is put around the ids of a text that stands alone, such as a begin-of-text token. */
import { type Json, makerOf, type Part, partsOf } from "./part.ts"

type PostProcessor = (ids: readonly number[]) => readonly number[]

const around = ({ settings: { cls, sep }, refuse }: Part): PostProcessor => {
  const [begin, end] = [cls, sep].map((token) => (Array.isArray(token) ? token[1] : undefined))
  return typeof begin === "number" && typeof end === "number"
    ? (ids) => [begin, ...ids, end]
    : refuse("has no ids of cls and sep")
}

const makers: Readonly<Record<string, (part: Part) => PostProcessor>> = {
  ByteLevel: () => (ids) => ids,
  BertProcessing: around,
  RobertaProcessing: around,
  TemplateProcessing: template,
}

export function createPostProcessor(value: unknown): PostProcessor {
  const all = partsOf(value, "post-processor", "processors").map((part) => makerOf(part, makers))
  return (ids) => all.reduce((done, each) => each(done), ids)
}

function template({ settings: { single, special_tokens = {} }, refuse }: Part): PostProcessor {
  if (!Array.isArray(single)) return refuse("has no template of a single text")
  const pieces = (single as Json[]).map((piece) => {
    const { id } = (piece.SpecialToken ?? {}) as Json
    if (id === undefined) return (piece.Sequence as Json | undefined)?.id === "A" ? undefined : refuse("names a text B")
    const { ids } = ((special_tokens as Json)[`${id}`] ?? {}) as Json
    return Array.isArray(ids) ? (ids as number[]) : refuse(`has no ids of ${JSON.stringify(id)}`)
  })
  return (ids) => pieces.flatMap((piece) => piece ?? ids)
}
