/**
 * Python's values, as a template has them. A text, a truth, None and a list are JavaScript's own; an integer is a number, or a
 * bigint beyond what numbers count exactly; all others are objects of the classes here.
 */
import { fail, TemplateError } from "./errors.ts"

export type Value = null | boolean | number | bigint | string | Value[] | PythonObject

/** What a call gives. */
export interface Arguments {
  /** In their order. */
  given: readonly Value[]
  named: ReadonlyMap<string, Value>
}

export abstract class PythonObject {
  abstract readonly typeName: string

  /** What stands behind a dot, where there is such a thing. */
  attribute(_name: string): Value | undefined {
    return undefined
  }

  /** What a loop goes through, where it can. */
  items(): Iterable<Value> | undefined {
    return undefined
  }

  get length(): number | undefined {
    return undefined
  }

  /** Has it a length and elements by number or key? */
  get isSequence(): boolean {
    return false
  }

  get isCallable(): boolean {
    return false
  }

  isTrue(): boolean {
    return this.length !== 0
  }

  call(_args: Arguments): Value {
    return fail(`${withArticle(this.typeName)} cannot be called`)
  }

  /** `repr`. */
  representation(): string {
    return fail(`${withArticle(this.typeName)} cannot be printed: Python writes its address in memory`)
  }
}

/** A number with a decimal point, also where nothing follows it. */
export class Float extends PythonObject {
  readonly typeName = "float"
  readonly value: number

  constructor(value: number) {
    super()
    this.value = value
  }

  override isTrue(): boolean {
    return this.value !== 0
  }
}

export class Tuple extends PythonObject {
  readonly typeName = "tuple"
  readonly members: readonly Value[]

  constructor(members: readonly Value[]) {
    super()
    this.members = members
  }

  override items(): Iterable<Value> {
    return this.members
  }

  override get length(): number {
    return this.members.length
  }

  override get isSequence(): boolean {
    return true
  }
}

/** Text that is HTML already: what is put together with it is escaped. */
export class Markup extends PythonObject {
  readonly typeName = "Markup"
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }

  override items(): Iterable<Value> {
    return this.text
  }

  override get length(): number {
    return [...this.text].length
  }

  override get isSequence(): boolean {
    return true
  }
}

/** What there is not: nothing when printed or gone through, an error in whatever else is done with it. */
export class Undefined extends PythonObject {
  readonly typeName = "Undefined"
  readonly reason: string

  constructor(reason: string) {
    super()
    this.reason = reason
  }

  override items(): Iterable<Value> {
    return []
  }

  override get length(): number {
    return 0
  }

  override get isSequence(): boolean {
    return true
  }

  override get isCallable(): boolean {
    return true
  }

  override call(): Value {
    return this.fail()
  }

  override representation(): string {
    return "Undefined"
  }

  fail(): never {
    throw new TemplateError(this.reason)
  }
}

export function typeName(value: Value): string {
  if (value === null) return "NoneType"
  if (typeof value === "boolean") return "bool"
  if (typeof value === "number" || typeof value === "bigint") return "int"
  if (typeof value === "string") return "str"
  return Array.isArray(value) ? "list" : value.typeName
}

/** For sentences: `an int`. */
export const kindOf = (value: Value): string => withArticle(typeName(value))

const withArticle = (name: string): string => `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`

export function isTrue(value: Value): boolean {
  if (value === null || typeof value !== "object") return Boolean(value)
  return Array.isArray(value) ? value.length > 0 : value.isTrue()
}

/** The text of a text, escaped or not. */
export const asText = (value: Value | undefined): string | undefined =>
  typeof value === "string" ? value : value instanceof Markup ? value.text : undefined

/** A result of the same kind as the text that it was made of. */
export const likeText = (original: Value, text: string): Value => (original instanceof Markup ? new Markup(text) : text)

export const isWhole = (value: Value | undefined): value is number | bigint | boolean =>
  typeof value === "number" || typeof value === "boolean" || typeof value === "bigint"

/** Members of a list or a tuple. */
export const membersOf = (value: Value): readonly Value[] | undefined =>
  Array.isArray(value) ? value : value instanceof Tuple ? value.members : undefined

export function itemsOf(value: Value): Iterable<Value> | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === "string") return value
  return value instanceof PythonObject ? value.items() : undefined
}

export const iterate = (value: Value): Iterable<Value> =>
  itemsOf(value) ?? fail(`${kindOf(value)} cannot be gone through`)
