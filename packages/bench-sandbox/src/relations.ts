/** The twelve relations of a lookup world: what they join, how a passage states one, how a question speaks of one. */
export type Kind = "person" | "city" | "company" | "country" | "number"

export interface Relation {
  subject: Kind
  object: Kind
  passage(subject: string, object: string): string
  /** A noun phrase for the object; numbers are asked for by `how old`. */
  phrase(subject: string): string
}

const relation = (subject: Kind, object: Kind, passage: Relation["passage"], phrase: Relation["phrase"]): Relation => ({
  subject,
  object,
  passage,
  phrase,
})

export const relations = {
  born: relation(
    "person",
    "city",
    (s, o) => `${s} was born in ${o} .`,
    (x) => `the city where ${x} was born`,
  ),
  lives: relation(
    "person",
    "city",
    (s, o) => `${s} lives in ${o} .`,
    (x) => `the city where ${x} lives`,
  ),
  works: relation(
    "person",
    "company",
    (s, o) => `${s} works at ${o} .`,
    (x) => `the company where ${x} works`,
  ),
  spouse: relation(
    "person",
    "person",
    (s, o) => `the spouse of ${s} is ${o} .`,
    (x) => `the spouse of ${x}`,
  ),
  boss: relation(
    "person",
    "person",
    (s, o) => `the boss of ${s} is ${o} .`,
    (x) => `the boss of ${x}`,
  ),
  old: relation(
    "person",
    "number",
    (s, o) => `${s} is ${o} years old .`,
    (x) => `how old ${x} is`,
  ),
  mayor: relation(
    "city",
    "person",
    (s, o) => `the mayor of ${s} is ${o} .`,
    (x) => `the mayor of ${x}`,
  ),
  country: relation(
    "city",
    "country",
    (s, o) => `${s} is in the country ${o} .`,
    (x) => `the country of ${x}`,
  ),
  based: relation(
    "company",
    "city",
    (s, o) => `${s} is based in ${o} .`,
    (x) => `the city where ${x} is based`,
  ),
  owner: relation(
    "company",
    "person",
    (s, o) => `the owner of ${s} is ${o} .`,
    (x) => `the owner of ${x}`,
  ),
  capital: relation(
    "country",
    "city",
    (s, o) => `the capital of ${s} is ${o} .`,
    (x) => `the capital of ${x}`,
  ),
  leader: relation(
    "country",
    "person",
    (s, o) => `the leader of ${s} is ${o} .`,
    (x) => `the leader of ${x}`,
  ),
} satisfies Record<string, Relation>

export type RelationName = keyof typeof relations
const relationNames = Object.keys(relations) as RelationName[]
export const isRelation = (word: string): word is RelationName => Object.hasOwn(relations, word)

const byKind = Map.groupBy(relationNames, (name): Kind => relations[name].subject)

/** Relations that start from a kind of thing. */
export const relationsFrom = (kind: Kind): readonly RelationName[] => byKind.get(kind) ?? []

/** `the mayor of the city where mira lives` for mira, [lives, mayor]. */
export const phraseOf = (entity: string, path: readonly RelationName[]): string =>
  path.reduce((phrase, name) => relations[name].phrase(phrase), entity)
