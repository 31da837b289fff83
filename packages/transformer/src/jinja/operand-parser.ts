/**
 * What operators stand between: names, literals, calls, elements, filters and tests. As in Jinja2, a filter or test that does not
 * exist is an error also where it is never reached, but inside of `if`.
 */
import { attribute, call, item, Slice, sliced } from "./access.ts"
import { noArguments } from "./arguments.ts"
import { Dict } from "./dict.ts"
import { fail, located } from "./errors.ts"
import type { Filter, Tables, Test } from "./filter.ts"
import { filterOf } from "./filters.ts"
import { Frame } from "./frame.ts"
import type { Expression } from "./nodes.ts"
import type { Scope } from "./scope.ts"
import { testOf } from "./tests.ts"
import { described, TokenStream } from "./token-stream.ts"
import type { TokenKind } from "./tokens.ts"
import { type Arguments, asText, iterate, kindOf, Tuple, type Value } from "./values.ts"

const tables: Tables = { filterOf, testOf }
type ArgumentsOf = (scope: Scope) => Arguments

export abstract class OperandParser extends TokenStream {
  /** Names that are read in each of the macros around. */
  protected readonly reads: Set<string>[] = []
  /** The part of the template that is being read. */
  protected frame = new Frame()
  /** Is what is being read perhaps never reached? */
  protected isConditional = false
  /** Filters and tests that there are not, where they are reached whatever the conversation is. */
  protected readonly unknown: { message: string; line: number }[] = []

  abstract expression(): Expression
  /** What stands between parentheses. */
  protected abstract inner(): Expression

  protected primary(): Expression {
    const token = this.take()
    const { kind, text, line } = token
    if (kind === "name") return this.named(text)
    if (kind === "number") {
      const value = token.value!
      return () => value
    }
    if (kind === "text") {
      let whole = text
      while (this.is("text")) whole += this.take().text
      return () => whole
    }
    if (kind === "operator" && text === "(") {
      const inner = this.inner()
      this.expect("operator", ")")
      return inner
    }
    if (kind === "operator" && text === "[") return this.list()
    return kind === "operator" && text === "{"
      ? this.mapping()
      : this.fail(`${described(token)} is not expected here`, line)
  }

  private named(name: string): Expression {
    if (/^([tT]rue|[fF]alse)$/.test(name)) {
      const isTrue = name.toLowerCase() === "true"
      return () => isTrue
    }
    if (/^[nN]one$/.test(name)) return () => null
    for (const reads of this.reads) reads.add(name)
    this.frame.reads(name)
    return (scope) => scope.get(name)
  }

  /** What stands between commas up to a bracket, which is taken; a comma may stand before it. */
  private upTo<Part>(end: string, one: () => Part): Part[] {
    const all: Part[] = []
    while (!this.skip("operator", end)) {
      if (all.length > 0) {
        this.expect("operator", ",")
        if (this.skip("operator", end)) break
      }
      all.push(one())
    }
    return all
  }

  private list(): Expression {
    const members = this.upTo("]", () => this.expression())
    return (scope) => members.map((member) => member(scope))
  }

  private mapping(): Expression {
    const entries = this.upTo("}", () => {
      const key = this.expression()
      this.expect("operator", ":")
      return [key, this.expression()] as const
    })
    return (scope) => new Dict(entries.map(([key, value]) => [key(scope), value(scope)]))
  }

  protected postfix(start: Expression): Expression {
    let result = start
    for (;;) {
      if (this.is("operator", ".")) result = this.dotted(result)
      else if (this.is("operator", "[")) result = this.inBrackets(result)
      else if (this.is("operator", "(")) result = this.call(result)
      else return result
    }
  }

  private dotted(of: Expression): Expression {
    const { line } = this.take()
    const { kind, text, value } = this.take()
    if (kind === "name") return located(line, (scope: Scope) => attribute(of(scope), text))
    if (kind !== "number" || typeof value !== "number")
      return this.fail("a name or a number is expected after a dot", line)
    return located(line, (scope: Scope) => item(of(scope), value))
  }

  private inBrackets(of: Expression): Expression {
    const { line } = this.take()
    const keys: Expression[] = []
    while (!this.skip("operator", "]")) {
      if (keys.length > 0) this.expect("operator", ",")
      keys.push(this.slice())
    }
    const [first] = keys
    if (keys.length === 1 && first) return located(line, (scope: Scope) => at(of(scope), first(scope)))
    return located(line, (scope: Scope) => item(of(scope), new Tuple(keys.map((each) => each(scope)))))
  }

  private slice(): Expression {
    const end = (): Expression => (this.is("operator", ":", "]", ",") ? () => null : this.expression())
    const start = end()
    if (!this.skip("operator", ":")) return start
    const stop = end()
    const step = this.skip("operator", ":") ? end() : (): Value => null
    return (scope) => new Slice(start(scope), stop(scope), step(scope))
  }

  private call(of: Expression): Expression {
    const { line } = this.current
    const argumentsOf = this.arguments()
    const called: Expression = located(line, (scope: Scope) => call(of(scope), argumentsOf(scope)))
    called.withCaller = located(line, (scope: Scope, caller: Value) => {
      const { given, named } = argumentsOf(scope)
      return call(of(scope), { given, named: new Map([...named, ["caller", caller]]) })
    })
    return called
  }

  private arguments(): ArgumentsOf {
    this.expect("operator", "(")
    const given: Expression[] = []
    const named: [string, Expression][] = []
    let all: Expression | undefined
    let allNamed: Expression | undefined
    this.upTo(")", () => {
      const { line } = this.current
      if (allNamed) this.fail("nothing can follow arguments after **", line)
      if (this.skip("operator", "**")) allNamed = this.expression()
      else if (this.skip("operator", "*")) all = this.expression()
      else if (this.is("name") && this.following.kind === "operator" && this.following.text === "=") {
        const name = this.take().text
        this.take()
        named.push([name, this.expression()])
      } else if (all || named.length > 0) this.fail("an argument without a name cannot follow one with a name", line)
      else given.push(this.expression())
    })
    if (given.length === 0 && named.length === 0 && !all && !allNamed) return () => noArguments
    return (scope) => ({
      given: given.map((each) => each(scope)).concat(all ? [...iterate(all(scope))] : []),
      named: new Map([...named.map(([name, each]) => [name, each(scope)] as const), ...namedBy(allNamed?.(scope))]),
    })
  }

  /** Filters and tests, one on the other. */
  protected filtered(start: Expression): Expression {
    let result = start
    for (;;) {
      if (this.skip("operator", "|")) result = this.filter(result)
      else if (this.skip("name", "is")) result = this.test(result)
      else if (this.is("operator", "(")) result = this.call(result)
      else return result
    }
  }

  private missing(message: string, line: number): () => never {
    if (!this.isConditional) this.unknown.push({ message, line })
    return () => fail(message)
  }

  private tableName(): { name: string; line: number } {
    const { text, line } = this.expect("name")
    let name = text
    while (this.skip("operator", ".")) name += `.${this.expect("name").text}`
    return { name, line }
  }

  /** Of the name that follows, applied to a value. */
  protected filter(of: Expression): Expression {
    const { name, line } = this.tableName()
    const apply: Filter = filterOf(name) ?? this.missing(`there is no filter named ${name}`, line)
    const argumentsOf: ArgumentsOf = this.is("operator", "(") ? this.arguments() : () => noArguments
    return located(line, (scope: Scope) => apply(of(scope), argumentsOf(scope), tables))
  }

  private test(of: Expression): Expression {
    const isNegated = this.skip("name", "not")
    const { name, line } = this.tableName()
    const apply: Test = testOf(name) ?? this.missing(`there is no test named ${name}`, line)
    const argumentsOf = this.testArguments()
    return located(line, (scope: Scope) => apply(of(scope), argumentsOf(scope), tables) !== isNegated)
  }

  private testArguments(): ArgumentsOf {
    if (this.is("operator", "(")) return this.arguments()
    const kinds: readonly TokenKind[] = ["name", "text", "number"]
    const isThere = kinds.includes(this.current.kind)
      ? !this.is("name", "else", "or", "and")
      : this.is("operator", "[", "{")
    if (!isThere) return () => noArguments
    if (this.is("name", "is")) this.fail("tests cannot follow each other with `is`")
    const argument = this.postfix(this.primary())
    return (scope) => ({ given: [argument(scope)], named: new Map() })
  }
}

/** What is no slice is looked for under every name; a slice is of a sequence, or an error. */
const at = (value: Value, key: Value): Value => (key instanceof Slice ? sliced(value, key) : item(value, key))

function namedBy(value: Value | undefined): [string, Value][] {
  if (value === undefined) return []
  if (!(value instanceof Dict)) return fail(`${kindOf(value)} cannot stand after **`)
  return value.entries().map(([name, each]) => [asText(name) ?? fail("arguments are named by texts"), each])
}
