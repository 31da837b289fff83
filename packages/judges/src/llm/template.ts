/**
 * Prompt templates with named placeholders, `{question}`. Invariant: what is put in is never read as a template again,
 * and a template that names something unknown, or leaves out what its judge cannot do without, is refused with its line.
 * Other braces stay as they are; `{{question}}` stands for the text `{question}`.
 */
import { SwirlError, suggestion } from "@swirl-ts/core"

export interface TemplateShape {
  allowed: readonly string[]
  required: readonly string[]
}

export type Template = (values: Readonly<Record<string, string>>) => string

const placeholder = /\{\{([A-Za-z_]\w*)\}\}|\{([A-Za-z_]\w*)\}/g

/** `name` says where the text is from, for messages. */
export function parseTemplate(text: string, name: string, { allowed, required }: TemplateShape): Template {
  const used = new Set<string>()
  for (const match of text.matchAll(placeholder)) {
    const word = match[2]
    if (word === undefined) continue
    if (!allowed.includes(word)) {
      const line = text.slice(0, match.index).split("\n").length
      throw usage(
        `${name}, line ${line}: there is no placeholder {${word}}.${suggestion(word, allowed)} For the text itself write {{${word}}}.`,
      )
    }
    used.add(word)
  }
  const missing = required.filter((word) => !used.has(word))
  if (missing.length > 0) {
    const lines = text.trim() === "" ? "it is empty" : `lines 1 to ${text.trimEnd().split("\n").length} do not hold it`
    throw usage(
      `${name} has no placeholder {${missing.join("}, {")}}: ${lines}, so the judge would not see what it has to judge. A template may use {${allowed.join("}, {")}}.`,
    )
  }
  return (values) =>
    text.replace(placeholder, (_whole, literal: string | undefined, word: string | undefined) =>
      word === undefined ? `{${literal}}` : (values[word] ?? ""),
    )
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
