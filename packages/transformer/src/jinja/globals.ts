/** Names that every template has, as `transformers` gives them. */

import { fromKeys } from "./access.ts"
import { signature } from "./arguments.ts"
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { count } from "./numbers.ts"
import { Callable, Range } from "./objects.ts"
import { pythonText, representation } from "./printed.ts"
import { formattedTime } from "./strftime.ts"
import { type Arguments, asText, iterate, membersOf, PythonObject, type Value } from "./values.ts"

/** Values that `set ns.name` can change, also inside of a loop. */
export class Namespace extends PythonObject {
  readonly typeName = "Namespace"
  private readonly values: Dict

  constructor(values: Dict) {
    super()
    this.values = new Dict()
    for (const [name, value] of values.entries()) this.set(asText(name) ?? fail("a namespace has names"), value)
  }

  set(name: string, value: Value): void {
    if (name.startsWith("_")) fail(`a namespace has no ${name}: names in it do not begin with an underscore`)
    this.values.set(name, value)
  }

  override attribute(name: string): Value | undefined {
    return this.values.get(name)
  }

  override representation(): string {
    return `<Namespace ${representation(this.values)}>`
  }
}

/** `dict(mapping or pairs, name=value)`. */
function dictOf({ given, named }: Arguments): Dict {
  const [from, ...others] = given
  if (others.length > 0) fail("dict() takes one argument and names")
  const dict = new Dict(
    from instanceof Dict ? from.entries() : from === undefined ? [] : Array.from(iterate(from), pairOf),
  )
  for (const [name, value] of named) dict.set(name, value)
  return dict
}
function pairOf(value: Value): [Value, Value] {
  const [key, item, ...others] = membersOf(value) ?? []
  return key === undefined || item === undefined || others.length > 0 ? fail("dict() wants pairs") : [key, item]
}

class DictMaker extends PythonObject {
  readonly typeName = "TemplateDict"

  override get isCallable(): boolean {
    return true
  }

  override call(args: Arguments): Value {
    return dictOf(args)
  }

  override attribute(name: string): Value | undefined {
    return name === "fromkeys"
      ? new Callable(name, ({ given: [keys, value] }) => fromKeys(keys ?? [], value))
      : undefined
  }
}

/** Gives one value after another, and begins again. */
class Cycler extends PythonObject {
  readonly typeName = "Cycler"
  private readonly values: readonly Value[]
  private at = 0

  constructor(values: readonly Value[]) {
    super()
    if (values.length === 0) fail("cycler() needs an argument")
    this.values = values
  }

  override attribute(name: string): Value | undefined {
    if (name === "current") return this.values[this.at]
    if (name === "items") return [...this.values]
    if (name === "pos") return this.at
    if (name === "reset")
      return new Callable(name, () => {
        this.move(0)
        return null
      })
    return name === "next" ? new Callable(name, () => this.move(this.at + 1)) : undefined
  }

  /** What stood at the place before. */
  private move(to: number): Value {
    const value = this.values[this.at]!
    this.at = to % this.values.length
    return value
  }
}

/** Nothing the first time, then what separates. */
function joiner({ given: [separator = ", "] }: Arguments): Callable {
  let isUsed = false
  return new Callable("joiner", () => {
    const value = isUsed ? separator : ""
    isUsed = true
    return value
  })
}

/** Blocks of a template by name; a chat template has none. */
class TemplateReference extends PythonObject {
  readonly typeName = "TemplateReference"

  override representation(): string {
    return "<TemplateReference None>"
  }
}

const rangeArguments = signature("range()", "start stop? step? /")

function range(args: Arguments): Range {
  const [start, stop, step] = rangeArguments(args).map((each) =>
    each === undefined ? undefined : count(each, "an end of a range"),
  )
  return stop === undefined ? new Range(0, start!, 1) : new Range(start!, stop, step ?? 1)
}

const raise = signature("raise_exception()", "message")
const format = signature("strftime_now()", "format")

export const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["range", new Callable("range", range)],
  ["dict", new DictMaker()],
  ["namespace", new Callable("namespace", (args) => new Namespace(dictOf(args)))],
  ["cycler", new Callable("cycler", ({ given }) => new Cycler(given))],
  ["joiner", new Callable("joiner", joiner)],
  ["lipsum", new Callable("lipsum", () => fail("lipsum() is not supported: its text is another one each time"))],
  ["self", new TemplateReference()],
  ["raise_exception", new Callable("raise_exception", (args) => fail(pythonText(raise(args)[0]!)))],
  ["strftime_now", new Callable("strftime_now", (args) => formattedTime(new Date(), pythonText(format(args)[0]!)))],
])
