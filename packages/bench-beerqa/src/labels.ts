/**
 * Sources by question id, from a JSON file `{ id: source }`: the test questions name none, and the third source, questions
 * of three and more hops, is in the test questions alone. Where a label is given it wins over the record's own source.
 */
import { readFileSync } from "node:fs"
import { parseDocument } from "@swirl-ts/bench-kit"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"

export type Labels = Readonly<Record<string, string>>

/** A path, or the labels themselves. */
export function readLabels(labels: string | Labels | undefined): Labels {
  if (labels === undefined) return {}
  const value = typeof labels === "string" ? parseDocument(textOf(labels), labels) : labels
  if (!isObject(value)) throw new SwirlError(`The labels ${String(labels)} are no JSON object {id: source}.`)
  const wrong = Object.entries(value).find(([, source]) => typeof source !== "string" || source === "")
  if (wrong) {
    throw new SwirlError(`The labels' source of ${wrong[0]} is ${JSON.stringify(wrong[1])}; give a name, e.g. "3+hop".`)
  }
  return value as Labels
}

export const labelOf = (labels: Labels, id: string): string | undefined =>
  Object.hasOwn(labels, id) ? labels[id] : undefined

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new SwirlError(`The labels file ${path} cannot be read: ${errorMessage(error)}`, { cause: error })
  }
}
