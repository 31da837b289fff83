/**
 * Options as people give them, read by a Zod schema, with one wording for every plugin. Invariant: an option that is given
 * as `undefined` is not given, so it neither hides a default nor counts as unknown.
 */
import { SwirlError, schemaProblem, suggestion } from "@swirl-ts/core"
import { z } from "zod"
import { isObject } from "../values/json.ts"

/**
 * `what` says whose options they are, e.g. `algorithm swirl`; of several layers (the plugin's options, then the task's) the
 * later one wins. Throws a usage error that names every option that is wrong, and what was probably meant. Whether unknown
 * names are refused is the schema's to say: `z.strictObject`, or `z.object` for options that several plugins are shown.
 */
export function readOptions<S extends z.ZodObject>(
  what: string,
  schema: S,
  ...layers: readonly unknown[]
): z.output<S> {
  const options: Record<string, unknown> = {}
  for (const layer of layers) {
    if (isObject(layer)) Object.assign(options, given(layer))
    else if (layer !== undefined) throw problem(what, `they should be an object, but are ${JSON.stringify(layer)}.`)
  }
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const sentences = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0
      ? issue.keys.map((key) => `there is no option "${key}".${suggestion(key, Object.keys(schema.shape))}`)
      : [`option ${schemaProblem(issue, options)}.`],
  )
  throw problem(what, sentences.map((text, i) => (i > 0 ? text[0]!.toUpperCase() + text.slice(1) : text)).join(" "))
}

/** Of what takes no options: all that is given is refused. */
export const noOptions = z.strictObject({})
export type NoOptions = z.input<typeof noOptions>

const given = (layer: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined))

const problem = (what: string, sentences: string): SwirlError =>
  new SwirlError(`Options of ${what}: ${sentences}`, { kind: "usage" })
