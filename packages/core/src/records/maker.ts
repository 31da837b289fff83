/**
 * Who made records, and of how many of them one number is. A sample carries the hash of its maker, so a number that is over
 * samples of several texts of a plugin, or of several versions, says so wherever it is shown. Nothing is refused for it.
 */
import { z } from "zod"
import { contentHash } from "../hash.ts"

/** Who made records: facts that are told, and that nothing is refused for. What a later version says more is kept. */
export const MakerSchema = z.looseObject({
  /** When the first of these records was begun. */
  since: z.string(),
  swirl: z.string().optional(),
  /** Versions of the plugins that took part, by name. */
  plugins: z.record(z.string(), z.string()),
  /** Digests of the text of plugins that are no packages, by name, and of the config, by its file's name. */
  texts: z.record(z.string(), z.string()).optional(),
  /** Of the working directory; ends in `-dirty` where files had changed. */
  gitRevision: z.string().optional(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Maker = z.infer<typeof MakerSchema>

/** Of what may make a score another one: versions and texts. Neither time nor machine is in it. */
export const makerHash = ({ swirl, plugins, texts }: Pick<Maker, "swirl" | "plugins" | "texts">): string =>
  contentHash({ swirl, plugins, texts })

/** What the samples of one number have several of: texts, or versions, of the plugins in `of`. */
export const MadeBySchema = z.array(
  z.object({
    what: z.enum(["version", "text"]),
    of: z.array(z.string()),
    /** Of a text its digest. `samples`: how many are of it; absent where the samples do not say who made them. */
    values: z.array(z.object({ value: z.string(), samples: z.int().optional() })),
  }),
)
export type MadeBy = z.infer<typeof MadeBySchema>

interface OfMaker {
  maker?: string
}

/** One version or text of one plugin. */
export interface MakerFact {
  what: MadeBy[number]["what"]
  of: string
  value: string
}

export const makerFacts = ({ swirl, plugins, texts = {} }: Maker): MakerFact[] => [
  ...Object.entries({ ...plugins, ...(swirl === undefined ? {} : { "swirl-ts": swirl }) }).map(
    ([of, value]): MakerFact => ({ what: "version", of, value }),
  ),
  ...Object.entries(texts).map(([of, value]): MakerFact => ({ what: "text", of, value })),
]

/** A sample's maker; all of a stage's, once each, where the samples do not say which: those of before it was written. */
export function makersOf(
  samples: readonly OfMaker[],
  makers: readonly Maker[],
): { makers: readonly Maker[]; isKnown: boolean } {
  const byHash = new Map(makers.map((maker) => [makerHash(maker), maker]))
  const known = samples.flatMap(({ maker = "" }) => byHash.get(maker) ?? [])
  return known.length === samples.length
    ? { makers: known, isKnown: true }
    : { makers: [...byHash.values()], isKnown: false }
}

/** `makers`: of the stages that the samples are of. Undefined where the samples are of one version and text of everything. */
export function madeBy(samples: readonly OfMaker[], makers: readonly Maker[] = []): MadeBy | undefined {
  if (samples.length === 0) return undefined
  const found = makersOf(samples, makers)
  const counts = new Map<string, MakerFact & { counts: Map<string, number> }>()
  for (const maker of found.makers) {
    for (const fact of makerFacts(maker)) {
      const key = `${fact.what} ${fact.of}`
      const counted = counts.get(key) ?? { ...fact, counts: new Map<string, number>() }
      counts.set(key, counted)
      counted.counts.set(fact.value, (counted.counts.get(fact.value) ?? 0) + 1)
    }
  }
  const several = [...counts.values()].filter(({ counts }) => counts.size > 1)
  const alike = Map.groupBy(several, ({ what, counts }) => JSON.stringify([what, ...counts]))
  const made = [...alike.values()].map((same): MadeBy[number] => ({
    what: same[0]!.what,
    of: same.map(({ of }) => of),
    values: [...same[0]!.counts].map(([value, samples]) => ({ value, samples: found.isKnown ? samples : undefined })),
  }))
  return made.length > 0 ? made : undefined
}

/** The one sentence: `over records of 2 texts of mine (20 of 51fa3c0e, 40 of 77aa12bd)`; nothing where there is nothing to say. */
export function madeByInWords(made: MadeBy = []): string[] {
  if (made.length === 0) return []
  const said = made.map(({ what, of, values }) => {
    const each = values.map(({ value, samples }) =>
      [...(samples === undefined ? [] : [`${samples} of`]), shortFact(what, value)].join(" "),
    )
    return `${values.length} ${what}s of ${of.join(", ")} (${each.join(", ")})`
  })
  return [`over records of ${said.join(" and ")}`]
}

/** Eight digits of a digest tell it from others; a version is said in full. */
export const shortFact = (what: MakerFact["what"], value: string): string =>
  what === "text" ? value.slice(0, 8) : value
