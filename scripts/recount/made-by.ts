/** Of which versions and texts the samples of a number are, where they are of several; from the records and `run.json` alone. */
import { createHash } from "node:crypto"
import type { Cell, Sample } from "./evaluations.ts"
import { isRaw, type Raw } from "./raw.ts"

/** A list in `what` and `of`, with a count a value where every sample says a maker that `run.json` knows. */
export function madeByOf({ makers }: Cell, samples: readonly Sample[]): Raw[] | undefined {
  const scored = samples.filter(({ score }) => score !== undefined)
  const byHash = new Map<unknown, Raw>(makers.map((maker) => [hashOf(maker), maker]))
  const isCounted = scored.every(({ maker }) => byHash.has(maker))
  const made = isCounted ? scored.map(({ maker }) => byHash.get(maker)!) : [...byHash.values()]
  const columns = new Map<string, string[]>()
  for (const maker of scored.length > 0 ? made : []) {
    const { plugins, texts, swirl } = maker
    const versions = { ...(isRaw(plugins) ? plugins : {}), ...(swirl === undefined ? {} : { "swirl-ts": swirl }) }
    for (const [what, values] of [
      ["version", versions],
      ["text", texts],
    ] as const)
      for (const [of, value] of Object.entries(isRaw(values) ? values : {}))
        columns.set(`${what} ${of}`, [...(columns.get(`${what} ${of}`) ?? []), String(value)])
  }
  const found: { what: string; of: string[]; values: Raw[] }[] = []
  for (const [name, column] of columns) {
    const kinds = [...new Set(column)]
    if (kinds.length < 2) continue
    const [what = "", of = ""] = name.split(/ (.*)/)
    const values = kinds.map((value) => ({
      value,
      samples: isCounted ? column.filter((each) => each === value).length : undefined,
    }))
    const alike = found.find((each) => each.what === what && JSON.stringify(each.values) === JSON.stringify(values))
    if (alike) alike.of.push(of)
    else found.push({ what, of: [of], values })
  }
  return found.length > 0 ? found : undefined
}

/** Fields in order of their names, at two depths: those of the three, and the plugins in them. */
function hashOf({ swirl, plugins, texts }: Raw): string {
  const inOrder = (value: unknown): unknown =>
    isRaw(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((name) => [name, value[name]]),
        )
      : value
  const text = JSON.stringify({ plugins: inOrder(plugins), swirl, texts: inOrder(texts) })
  return createHash("sha256").update(text).digest("hex").slice(0, 16)
}
