/** The parts of a tokenizer.json. Invariant: what is not computed as the Rust library does is refused by the part's name, never passed over. */

export type Json = Readonly<Record<string, unknown>>

export interface Part {
  readonly type: string
  readonly settings: Json
  /** Throws a sentence that names the part. */
  refuse(why: string): never
}

/** A part, or the parts of a sequence, whose list is named `list`. `kind` names it in errors. */
export function partsOf(value: unknown, kind: string, list: string): Part[] {
  if (value === null || value === undefined) return []
  const settings = value as Json
  const type = `${settings.type}`
  const refuse = (why: string): never => {
    throw new Error(`its ${kind} ${type} ${why}`)
  }
  if (type !== "Sequence") return [{ type, settings, refuse }]
  const inner = settings[list]
  return Array.isArray(inner) ? inner.flatMap((each) => partsOf(each, kind, list)) : refuse(`has no ${list}`)
}

/** What makes a part of this type. */
export function makerOf<T>(part: Part, makers: Readonly<Record<string, (part: Part) => T>>): T {
  const maker = Object.hasOwn(makers, part.type) ? makers[part.type] : undefined
  return maker ? maker(part) : part.refuse(`is not supported; known are ${Object.keys(makers).join(", ")}`)
}

/** The text of a token that may be written with its settings. */
export const contentOf = (token: unknown): string | undefined =>
  typeof token === "string" ? token : ((token as { content?: string } | null | undefined)?.content ?? undefined)
