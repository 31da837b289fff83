/** Where the names of a template are looked up: in the innermost part that has set them, outwards. */
import { Undefined, type Value } from "./values.ts"

export class Scope {
  private readonly values: Map<string, Value>
  private readonly outer: Scope | undefined

  constructor(outer?: Scope, values: Map<string, Value> = new Map()) {
    this.outer = outer
    this.values = values
  }

  get(name: string): Value {
    for (let scope: Scope | undefined = this; scope; scope = scope.outer) {
      const value = scope.values.get(name)
      if (value !== undefined) return value
    }
    return new Undefined(`${name} is undefined`)
  }

  set(name: string, value: Value): void {
    this.values.set(name, value)
  }
}
