/** Expressions, read with the precedence that Jinja2 gives its operators and turned into functions at once. */
import { located } from "./errors.ts"
import type { Expression } from "./nodes.ts"
import { negative, positive } from "./numbers.ts"
import { OperandParser } from "./operand-parser.ts"
import { type BinaryOperator, binary, comparisons, concatenated } from "./operators.ts"
import type { Scope } from "./scope.ts"
import { described } from "./token-stream.ts"
import { isTrue, Tuple, Undefined, type Value } from "./values.ts"

export class ExpressionParser extends OperandParser {
  /** Several with commas between them are a tuple. */
  protected tuple(isConditionAllowed: boolean, isEmptyAllowed = false): Expression {
    const members: Expression[] = []
    let isTuple = false
    while (!this.isTupleEnd()) {
      members.push(this.expression(isConditionAllowed))
      if (!this.skip("operator", ",")) break
      isTuple = true
    }
    if (!isTuple && members[0]) return members[0]
    if (!isTuple && !isEmptyAllowed) this.fail(`an expression is expected instead of ${described(this.current)}`)
    return (scope) => new Tuple(members.map((member) => member(scope)))
  }

  private isTupleEnd(): boolean {
    return this.is("print end") || this.is("statement end") || this.is("operator", ")")
  }

  protected override inner(): Expression {
    return this.tuple(true, true)
  }

  override expression(isConditionAllowed = true): Expression {
    const known = this.unknown.length
    let result = this.or()
    while (isConditionAllowed && this.skip("name", "if")) {
      this.unknown.length = known
      result = this.conditionally(() => this.choice(result))
    }
    return result
  }

  protected conditionally<Result>(read: () => Result): Result {
    const before = this.isConditional
    this.isConditional = true
    const result = read()
    this.isConditional = before
    return result
  }

  private choice(then: Expression): Expression {
    const condition = this.or()
    const otherwise = this.skip("name", "else") ? this.expression() : undefined
    const nothing = new Undefined("an if without an else gave nothing")
    return (scope) => (isTrue(condition(scope)) ? then(scope) : otherwise ? otherwise(scope) : nothing)
  }

  private or(): Expression {
    let left = this.and()
    while (this.skip("name", "or")) {
      const [first, second] = [left, this.and()]
      left = (scope) => {
        const value = first(scope)
        return isTrue(value) ? value : second(scope)
      }
    }
    return left
  }

  private and(): Expression {
    let left = this.not()
    while (this.skip("name", "and")) {
      const [first, second] = [left, this.not()]
      left = (scope) => {
        const value = first(scope)
        return isTrue(value) ? second(scope) : value
      }
    }
    return left
  }

  private not(): Expression {
    if (!this.skip("name", "not")) return this.comparison()
    const inner = this.not()
    return (scope) => !isTrue(inner(scope))
  }

  /** `1 < x < 3` asks for both. */
  private comparison(): Expression {
    const { line } = this.current
    const first = this.sum()
    const rest: { compare: (a: Value, b: Value) => boolean; operand: Expression }[] = []
    for (let operator = this.comparisonOperator(); operator; operator = this.comparisonOperator())
      rest.push({ compare: comparisons[operator]!, operand: this.sum() })
    if (rest.length === 0) return first
    return located(line, (scope: Scope) => {
      let left = first(scope)
      return rest.every(({ compare, operand }) => {
        const right = operand(scope)
        const holds = compare(left, right)
        left = right
        return holds
      })
    })
  }

  private comparisonOperator(): string | undefined {
    if (this.is("operator", "==", "!=", "<", "<=", ">", ">=")) return this.take().text
    if (this.skip("name", "in")) return "in"
    if (!this.is("name", "not") || this.following.kind !== "name" || this.following.text !== "in") return undefined
    this.take()
    this.take()
    return "not in"
  }

  private sum(): Expression {
    return this.leftToRight(["+", "-"], () => this.concatenation())
  }

  private concatenation(): Expression {
    const { line } = this.current
    const parts = [this.product()]
    while (this.skip("operator", "~")) parts.push(this.product())
    if (parts.length === 1) return parts[0]!
    return located(line, (scope: Scope) => concatenated(parts.map((part) => part(scope))))
  }

  private product(): Expression {
    return this.leftToRight(["*", "/", "//", "%"], () => this.power())
  }

  private power(): Expression {
    return this.leftToRight(["**"], () => this.unary(true))
  }

  private leftToRight(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand()
    while (this.is("operator", ...operators)) {
      const { text, line } = this.take()
      const [first, second] = [left, operand()]
      left = located(line, (scope: Scope) => binary(text as BinaryOperator, first(scope), second(scope)))
    }
    return left
  }

  private unary(isFilterAllowed: boolean): Expression {
    const sign = this.is("operator", "-", "+") ? this.take() : undefined
    const result = this.postfix(sign ? this.signed(sign.text, sign.line) : this.primary())
    return isFilterAllowed ? this.filtered(result) : result
  }

  private signed(sign: string, line: number): Expression {
    const inner = this.unary(false)
    const apply = sign === "-" ? negative : positive
    return located(line, (scope: Scope) => apply(inner(scope)))
  }
}
