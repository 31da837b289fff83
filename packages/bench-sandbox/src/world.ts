/**
 * A world: 12 people, 6 cities, 5 companies and 3 countries with every relation filled in, written as one-sentence
 * passages. Every task has its own.
 */
import { type Corpus, contentHash, type Passage, type Random, random, seedFrom } from "@swirl-ts/core"
import { type Kind, type RelationName, relations, relationsFrom } from "./relations.ts"
import { cities, companies, countries, people } from "./words.ts"

interface Fact {
  subject: string
  relation: RelationName
  object: string
}

export interface World {
  /** `<domain>/<split>/<index>` of its task. */
  key: string
  members: Record<Exclude<Kind, "number">, readonly string[]>
  facts: readonly Fact[]
  readonly corpus: Corpus
  /** Throws when the subject has no such relation. */
  object(subject: string, relation: RelationName): string
}

/** Worlds kept in memory: benchmark, judge and search ask for the same one shortly after each other. */
const capacity = 1024
const remembered = new Map<string, World>()

/** The world of a key, always the same. */
export function world(key: string): World {
  const known = remembered.get(key)
  if (known) return known
  const made = generate(key)
  remembered.set(key, made)
  if (remembered.size > capacity) remembered.delete(remembered.keys().next().value!)
  return made
}

function generate(key: string): World {
  const draw = random(seedFrom("sandbox", "world", key))
  const members = {
    person: draw.shuffle(people).slice(0, 12),
    city: draw.shuffle(cities).slice(0, 6),
    company: draw.shuffle(companies).slice(0, 5),
    country: draw.shuffle(countries).slice(0, 3),
  }
  const facts: Fact[] = []
  for (const kind of ["person", "city", "company", "country"] as const) {
    for (const subject of members[kind]) {
      for (const relation of relationsFrom(kind)) {
        facts.push({ subject, relation, object: objectFor(subject, relations[relation].object, members, draw) })
      }
    }
  }
  let corpus: Corpus | undefined
  const objects = new Map(facts.map((fact) => [`${fact.subject} ${fact.relation}`, fact.object]))
  return {
    key,
    members,
    facts,
    get corpus() {
      corpus ??= corpusOf(facts)
      return corpus
    },
    object: (subject, relation) => {
      const object = objects.get(`${subject} ${relation}`)
      if (object === undefined) throw new RangeError(`world ${key} does not say "${subject} ${relation}"`)
      return object
    },
  }
}

/** Written out only when it is searched: most worlds are made for their question alone. */
function corpusOf(facts: readonly Fact[]): Corpus {
  const passages: Passage[] = facts.map(({ subject, relation, object }) => ({
    title: subject,
    text: relations[relation].passage(subject, object),
  }))
  return { id: `sandbox-${contentHash(passages)}`, passages: () => passages }
}

function objectFor(subject: string, kind: Kind, members: World["members"], draw: Random): string {
  if (kind === "number") return String(draw.integer(18, 79))
  return draw.pick(members[kind].filter((candidate) => candidate !== subject))
}

/** The kind of a member; throws for a word that is none. */
export function kindOf(place: World, member: string): Exclude<Kind, "number"> {
  for (const kind of ["person", "city", "company", "country"] as const) {
    if (place.members[kind].includes(member)) return kind
  }
  throw new RangeError(`"${member}" is not in world ${place.key}`)
}
