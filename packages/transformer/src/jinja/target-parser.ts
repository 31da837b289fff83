/** What `set`, `for` and `with` give values to: names, names of a namespace, or several of them. */
import { fail } from "./errors.ts"
import { ExpressionParser } from "./expression-parser.ts"
import type { Frame } from "./frame.ts"
import { Namespace } from "./globals.ts"
import type { Scope } from "./scope.ts"
import { described } from "./token-stream.ts"
import { iterate, kindOf, type Value } from "./values.ts"

export interface Target {
  set(scope: Scope, value: Value): void
  /** The variables among what is set. */
  names: readonly string[]
}

export abstract class TargetParser extends ExpressionParser {
  /** Up to `=`, a parenthesis or the end of the tag, or what follows without a comma. */
  protected target(): Target {
    const all: Target[] = []
    let isTuple = false
    while (!(this.is("operator", ")", "=") || this.is("statement end"))) {
      all.push(this.oneTarget())
      if (!this.skip("operator", ",")) break
      isTuple = true
    }
    const first = all[0] ?? this.fail(`a name is expected instead of ${described(this.current)}`)
    return isTuple
      ? { set: (scope, value) => unpack(scope, value, all), names: all.flatMap(({ names }) => names) }
      : first
  }

  private oneTarget(): Target {
    if (this.skip("operator", "(")) {
      const inner = this.target()
      this.expect("operator", ")")
      return inner
    }
    const { text: name, line } = this.expect("name")
    if (/^([tT]rue|[fF]alse|[nN]one)$/.test(name)) this.fail(`nothing can be set as ${name}`, line)
    if (!this.skip("operator", ".")) return { set: (scope, value) => scope.set(name, value), names: [name] }
    this.frame.reads(name)
    const { text: member } = this.expect("name")
    const set = (scope: Scope, value: Value): void => {
      const namespace = scope.get(name)
      if (namespace instanceof Namespace) namespace.set(member, value)
      else fail(`${name} is no namespace, so ${name}.${member} cannot be set`)
    }
    return { set, names: [] }
  }

  /** Notes that a part has these variables from here on. */
  protected defines(names: readonly string[], frame: Frame = this.frame): void {
    for (const name of names) frame.sets(name, !this.isConditional)
  }
}

function unpack(scope: Scope, value: Value, targets: readonly Target[]): void {
  const values = [...iterate(value)]
  if (values.length !== targets.length)
    fail(`${kindOf(value)} of ${values.length} cannot be given to ${targets.length} names`)
  targets.forEach((target, index) => {
    target.set(scope, values[index]!)
  })
}
