/** A mapping in the order in which its keys came; `1`, `1.0` and `true` are one key. */
import { fail } from "./errors.ts"
import { Float, kindOf, Markup, PythonObject, Tuple, Undefined, type Value } from "./values.ts"

interface Entry {
  key: Value
  value: Value
}

/** Equal for keys that Python takes as one. */
function hash(key: Value): unknown {
  if (typeof key === "boolean") return Number(key)
  if (key === null || typeof key !== "object") return key
  if (key instanceof Float) return key.value
  if (key instanceof Markup) return key.text
  if (key instanceof Undefined) return Undefined
  if (key instanceof Tuple) return Symbol.for(JSON.stringify(key.members.map((member) => describe(hash(member)))))
  return Array.isArray(key) || key instanceof Dict ? fail(`${kindOf(key)} cannot be a key`) : key
}
const describe = (key: unknown): string => `${typeof key} ${String(key)}`

/** Values by what Python takes as equal keys. */
export class Dict extends PythonObject {
  readonly typeName = "dict"
  private readonly byHash = new Map<unknown, Entry>()

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    super()
    for (const [key, value] of entries) this.set(key, value)
  }

  get(key: Value): Value | undefined {
    return this.byHash.get(hash(key))?.value
  }

  has(key: Value): boolean {
    return this.byHash.has(hash(key))
  }

  set(key: Value, value: Value): void {
    const known = this.byHash.get(hash(key))
    if (known) known.value = value
    else this.byHash.set(hash(key), { key, value })
  }

  entries(): [Value, Value][] {
    return Array.from(this.byHash.values(), ({ key, value }) => [key, value])
  }

  override items(): Iterable<Value> {
    return Array.from(this.byHash.values(), ({ key }) => key)
  }

  override get length(): number {
    return this.byHash.size
  }

  override get isSequence(): boolean {
    return true
  }
}

/** What `keys`, `values` and `items` of a mapping give. */
export class DictView extends PythonObject {
  readonly typeName: string
  readonly of: Dict
  private readonly kind: "keys" | "values" | "items"

  constructor(of: Dict, kind: "keys" | "values" | "items") {
    super()
    this.of = of
    this.kind = kind
    this.typeName = `dict_${kind}`
  }

  override items(): Value[] {
    const { kind } = this
    return this.of.entries().map((entry) => (kind === "items" ? new Tuple(entry) : entry[kind === "keys" ? 0 : 1]))
  }

  override get length(): number {
    return this.of.length
  }
}
