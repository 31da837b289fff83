/** Values that come of calls: functions, what is gone through once, ranges, and groups. */
import { fail } from "./errors.ts"
import { type Arguments, PythonObject, Tuple, type Value } from "./values.ts"

/** One group of `groupby`: a pair with names. */
export class Group extends Tuple {
  override attribute(name: string): Value | undefined {
    return name === "grouper" ? this.members[0] : name === "list" ? this.members[1] : undefined
  }
}

export class Callable extends PythonObject {
  readonly typeName = "function"
  readonly name: string
  private readonly run: (args: Arguments) => Value

  constructor(name: string, run: (args: Arguments) => Value) {
    super()
    this.name = name
    this.run = run
  }

  override get isCallable(): boolean {
    return true
  }

  override call(args: Arguments): Value {
    return this.run(args)
  }

  override representation(): string {
    return fail(`${this.name} is printed without being called: Python writes its address in memory`)
  }
}

/** What comes one after another, once. */
export class Generator extends PythonObject {
  readonly typeName = "generator"
  private readonly iterator: Iterator<Value>

  constructor(items: Iterable<Value>) {
    super()
    this.iterator = items[Symbol.iterator]()
  }

  override items(): Iterable<Value> {
    // Without `return`, so that whoever stops early leaves the rest for others.
    return { [Symbol.iterator]: () => ({ next: () => this.iterator.next() }) }
  }
}

const largestRange = 100_000

export class Range extends PythonObject {
  readonly typeName = "range"
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) fail("range() takes no step of zero")
    this.start = start
    this.stop = stop
    this.step = step
    if (this.length > largestRange) fail(`a range has at most ${largestRange} items`)
  }

  override get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  override get isSequence(): boolean {
    return true
  }

  override items(): number[] {
    return Array.from({ length: this.length }, (_, index) => this.start + index * this.step)
  }

  override attribute(name: string): Value | undefined {
    return name === "start" || name === "stop" || name === "step" ? this[name] : undefined
  }

  override representation(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? "" : `, ${this.step}`})`
  }
}
