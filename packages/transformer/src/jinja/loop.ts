/** `loop` inside of a `for`. It looks ahead no further than it is asked to, as what is gone through may be gone through once. */
import { fail } from "./errors.ts"
import { lengthOf } from "./letters.ts"
import { Callable } from "./objects.ts"
import { equals } from "./operators.ts"
import { type Arguments, iterate, PythonObject, Tuple, Undefined, type Value } from "./values.ts"

/** Renders the body of a recursive loop once more, for other items, one level deeper. */
export type Again = (items: Value, depth: number) => string

export class Loop extends PythonObject {
  readonly typeName = "LoopContext"
  private readonly of: Value
  private readonly again: Again | undefined
  private readonly depth: number
  private iterator: Iterator<Value>
  private known: number | undefined
  private index = -1
  private before: Value | undefined
  private current: Value | undefined
  private ahead: IteratorResult<Value> | undefined
  private lastChanged: Value | undefined

  constructor(of: Value, depth: number, again?: Again) {
    super()
    this.of = of
    this.depth = depth
    this.again = again
    this.iterator = iterate(of)[Symbol.iterator]()
  }

  /** The next item, or undefined after the last one. */
  next(): Value | undefined {
    const result = this.ahead ?? this.iterator.next()
    this.ahead = undefined
    if (result.done) return undefined
    this.index++
    this.before = this.current
    this.current = result.value
    return result.value
  }

  override get length(): number {
    this.known ??= this.counted()
    return this.known
  }

  private counted(): number {
    const known = lengthOf(this.of)
    if (known !== undefined) return known
    const rest: Value[] = []
    for (let next = this.iterator.next(); !next.done; next = this.iterator.next()) rest.push(next.value)
    this.iterator = rest[Symbol.iterator]()
    return rest.length + this.index + 1 + (this.ahead && !this.ahead.done ? 1 : 0)
  }

  private peek(): Value | undefined {
    this.ahead ??= this.iterator.next()
    return this.ahead.done ? undefined : this.ahead.value
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "index":
        return this.index + 1
      case "index0":
        return this.index
      case "revindex":
        return this.length - this.index
      case "revindex0":
        return this.length - this.index - 1
      case "first":
        return this.index === 0
      case "last":
        return this.peek() === undefined
      case "length":
        return this.length
      case "depth":
        return this.depth + 1
      case "depth0":
        return this.depth
      case "previtem":
        return orUndefined(this.before, "there is no previous item")
      case "nextitem":
        return orUndefined(this.peek(), "there is no next item")
      case "cycle":
        return new Callable(name, ({ given }) => this.cycled(given))
      case "changed":
        return new Callable(name, ({ given }) => this.changed(new Tuple(given)))
      default:
        return undefined
    }
  }

  private cycled(values: readonly Value[]): Value {
    const value = values[this.index % values.length]
    return value === undefined ? fail("loop.cycle() needs an argument") : value
  }

  private changed(value: Value): boolean {
    const isSame = this.lastChanged !== undefined && equals(this.lastChanged, value)
    this.lastChanged = value
    return !isSame
  }

  override get isCallable(): boolean {
    return true
  }

  override call({ given }: Arguments): Value {
    const again = this.again ?? fail("a loop can only be called where it is marked as recursive")
    return again(given[0] ?? fail("loop() needs what it goes through"), this.depth + 1)
  }

  override representation(): string {
    return `<LoopContext ${this.index + 1}/${this.length}>`
  }
}

const orUndefined = (value: Value | undefined, reason: string): Value =>
  value === undefined ? new Undefined(reason) : value
