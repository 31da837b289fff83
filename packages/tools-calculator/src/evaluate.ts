/**
 * Text in, number as text out; never throws, never runs anything.
 *
 * mathjs only parses: an instance with nothing but `parse` (the number build) turns the normalised text into a syntax tree.
 * The tree is walked here, node type by node type from an allow-list, over plain doubles. mathjs' own `evaluate` is not used: it would bring
 * scopes, units, matrices, complex and big numbers that would all have to be forbidden again, and its `%`, `round` and `^` are not Python's.
 *
 * Invariant: time is linear in the length, which is at most 1,000 characters; depth is at most 64 brackets; every intermediate value is finite.
 */
import { divide, finite, floorDivide, modulo, power } from "./arithmetic.ts"
import { formatValue, type NumberStyle } from "./format.ts"
import { constants, functions } from "./functions.ts"
import { FLOOR_DIVIDE, normalise, PERCENT } from "./normalise.ts"
import { parse } from "./parse.ts"
import { Refusal } from "./refusal.ts"

export const MAXIMUM_LENGTH = 1000

export type Evaluation = { ok: true; text: string } | { ok: false; error: string }
type Value = number | boolean

/** The fields read from mathjs' nodes; which are present depends on `type`. */
type SyntaxNode = {
  type: string
  value?: unknown
  name?: string
  op?: string
  fn?: string | SyntaxNode
  args?: SyntaxNode[]
  content?: SyntaxNode
  conditionals?: string[]
  params?: SyntaxNode[]
}

/** Evaluates one expression. A failure is a reason in words, without the word "error". */
export function evaluate(expression: string, { style = "python-float" }: { style?: NumberStyle } = {}): Evaluation {
  try {
    if (expression.length > MAXIMUM_LENGTH)
      throw new Refusal(`the expression has ${expression.length} characters, at most ${MAXIMUM_LENGTH} are allowed`)
    const value = nodeValue(syntaxTree(normalise(expression)))
    return { ok: true, text: formatValue(typeof value === "number" ? finite(value) + 0 : value, style) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.message }
    if (error instanceof RangeError) return { ok: false, error: "the expression is nested too deeply" }
    return { ok: false, error: "the expression could not be evaluated" }
  }
}

function syntaxTree(canonical: string): SyntaxNode {
  try {
    return parse(canonical) as SyntaxNode
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal("this is not a complete arithmetic expression")
    throw error
  }
}

/** The allow-list: what a node of each type means. A type that is not here is refused. */
const meanings: ReadonlyMap<string, (node: SyntaxNode) => Value> = new Map<string, (node: SyntaxNode) => Value>([
  ["ConstantNode", (node) => (typeof node.value === "number" ? finite(node.value) : refuseName(String(node.value)))],
  ["ParenthesisNode", (node) => nodeValue(node.content!)],
  ["SymbolNode", (node) => constants.get(node.name!) ?? refuseName(node.name!)],
  ["OperatorNode", operation],
  ["FunctionNode", call],
  ["RelationalNode", comparisonChain],
])

const refusedTypes: ReadonlyMap<string, string> = new Map([
  ["AssignmentNode", "assignment is not supported"],
  ["FunctionAssignmentNode", "defining functions is not supported"],
  ["AccessorNode", "property access is not supported"],
  ["IndexNode", "property access is not supported"],
  ["ArrayNode", "lists and matrices are not supported; write max(1, 2, 3)"],
  ["ObjectNode", "objects are not supported"],
  ["BlockNode", "only one expression at a time is supported"],
  ["RangeNode", "ranges are not supported"],
  ["ConditionalNode", "conditions are not supported"],
])

function nodeValue(node: SyntaxNode): Value {
  const meaning = meanings.get(node.type)
  if (!meaning) throw new Refusal(refusedTypes.get(node.type) ?? "this is not arithmetic")
  return meaning(node)
}

/** As in Python, a comparison counts as 1 or 0 in arithmetic. */
function numberOf(node: SyntaxNode): number {
  return Number(nodeValue(node))
}

const unaryOperators: ReadonlyMap<string, (a: number) => number> = new Map([
  ["-", (a) => -a],
  ["+", (a) => a],
  ["!", (a) => functions.get("factorial")!.apply(a)],
  [PERCENT, (a) => a / 100],
])

const binaryOperators: ReadonlyMap<string, (a: number, b: number) => Value> = new Map<
  string,
  (a: number, b: number) => Value
>([
  ["+", (a, b) => finite(a + b)],
  ["-", (a, b) => finite(a - b)],
  ["*", (a, b) => finite(a * b)],
  ["/", divide],
  [FLOOR_DIVIDE, floorDivide],
  ["mod", modulo],
  ["^", power],
  ["<", (a, b) => a < b],
  [">", (a, b) => a > b],
  ["<=", (a, b) => a <= b],
  [">=", (a, b) => a >= b],
  ["==", (a, b) => a === b],
  ["!=", (a, b) => a !== b],
])

function operation(node: SyntaxNode): Value {
  const [a, b] = node.args!
  if (b === undefined) {
    const apply = unaryOperators.get(node.op!)
    if (!apply) throw new Refusal(`the operator ${node.op} is not supported`)
    return apply(numberOf(a!))
  }
  const apply = binaryOperators.get(node.op!)
  if (!apply) throw new Refusal(`the operator ${node.op} is not supported`)
  return apply(numberOf(a!), numberOf(b))
}

function call(node: SyntaxNode): Value {
  const name = typeof node.fn === "object" && node.fn.type === "SymbolNode" ? node.fn.name! : ""
  const found = functions.get(name)
  if (!found) throw new Refusal(name ? `there is no function ${name}` : "only functions can be called")
  const values = node.args!.map(numberOf)
  if (values.length < found.least || values.length > found.most)
    throw new Refusal(`${name} takes ${argumentCount(found)}`)
  return finite(found.apply(...values))
}

function argumentCount({ least, most }: { least: number; most: number }): string {
  if (most > 2) return `${least} or more arguments`
  return least === most ? `${least} argument${least === 1 ? "" : "s"}` : `${least} or ${most} arguments`
}

const relations: Record<string, string> = {
  smaller: "<",
  larger: ">",
  smallerEq: "<=",
  largerEq: ">=",
  equal: "==",
  unequal: "!=",
}

/** `1 < 2 < 3` holds when each neighbouring pair does. */
function comparisonChain(node: SyntaxNode): boolean {
  const values = node.params!.map(numberOf)
  return node.conditionals!.every((name, index) =>
    binaryOperators.get(relations[name]!)!(values[index]!, values[index + 1]!),
  )
}

function refuseName(name: string): never {
  if (functions.has(name)) throw new Refusal(`${name} needs brackets, as in ${name}(2)`)
  if (name === "i" || name === "j") throw new Refusal("complex numbers are not supported")
  if (/^(inf|infinity|nan)$/.test(name)) throw new Refusal(`${name} is not a finite number`)
  throw new Refusal(`${name} is not a number; variables and units are not supported`)
}
