/** What `set`, `for` and `with` give values to: names, names of a namespace, or several of them. */
import { fail } from "./errors.ts"
import { ExpressionParser } from "./expression-parser.ts"
import { Namespace } from "./globals.ts"
import type { Target } from "./nodes.ts"
import type { Scope } from "./scope.ts"
import { described } from "./token-stream.ts"
import { iterate, typeName, type Value } from "./values.ts"

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
    return isTuple ? (scope, value) => unpack(scope, value, all) : first
  }

  private oneTarget(): Target {
    if (this.skip("operator", "(")) {
      const inner = this.target()
      this.expect("operator", ")")
      return inner
    }
    const { text: name, line } = this.expect("name")
    if (/^([tT]rue|[fF]alse|[nN]one)$/.test(name)) this.fail(`nothing can be set as ${name}`, line)
    if (!this.skip("operator", ".")) return (scope, value) => scope.set(name, value)
    const { text: member } = this.expect("name")
    return (scope, value) => {
      const namespace = scope.get(name)
      if (!(namespace instanceof Namespace)) return fail(`${name} is no namespace, so ${name}.${member} cannot be set`)
      return namespace.set(member, value)
    }
  }
}

function unpack(scope: Scope, value: Value, targets: readonly Target[]): void {
  const values = [...iterate(value)]
  if (values.length !== targets.length)
    fail(`a ${typeName(value)} of ${values.length} cannot be given to ${targets.length} names`)
  targets.forEach((target, index) => {
    target(scope, values[index]!)
  })
}
