/** The twelve relations of a lookup world: what they join, how a passage states one, how a question speaks of one. */
export type Kind = "person" | "city" | "company" | "country" | "number"

export interface Relation {
  subject: Kind
  object: Kind
  passage(subject: string, object: string): string
  /** A noun phrase for the object; numbers are asked for by `how old`. */
  phrase(subject: string): string
}

/** In the texts, `S` stands for the subject and `O` for the object. */
const relation = (subject: Kind, object: Kind, passage: string, phrase: string): Relation => ({
  subject,
  object,
  passage: (s, o) => passage.replace("S", s).replace("O", o),
  phrase: (s) => phrase.replace("S", s),
})

export const relations = {
  born: relation("person", "city", "S was born in O .", "the city where S was born"),
  lives: relation("person", "city", "S lives in O .", "the city where S lives"),
  works: relation("person", "company", "S works at O .", "the company where S works"),
  spouse: relation("person", "person", "the spouse of S is O .", "the spouse of S"),
  boss: relation("person", "person", "the boss of S is O .", "the boss of S"),
  old: relation("person", "number", "S is O years old .", "how old S is"),
  mayor: relation("city", "person", "the mayor of S is O .", "the mayor of S"),
  country: relation("city", "country", "S is in the country O .", "the country of S"),
  based: relation("company", "city", "S is based in O .", "the city where S is based"),
  owner: relation("company", "person", "the owner of S is O .", "the owner of S"),
  capital: relation("country", "city", "the capital of S is O .", "the capital of S"),
  leader: relation("country", "person", "the leader of S is O .", "the leader of S"),
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
