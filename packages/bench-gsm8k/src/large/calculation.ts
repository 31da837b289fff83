/**
 * One annotated calculation, `16-3-4`, in exact arithmetic: read once, its numbers kept apart from what is done with them, so
 * that it can be worked out again with others. What is no sum of numbers (a unit, a percent sign, a name) is not read.
 */
import Fraction from "fraction.js"

type Operator = "+" | "-" | "*" | "/"
type Node = { number: number } | { operator: Operator; left?: Node; right: Node }

export interface Calculation {
  /** As they stand in it, left to right; `divides` where one is all that is divided by. */
  numbers: { value: Fraction; start: number; end: number; divides: boolean }[]
  query: string
  root: Node
}

const token = /\s*(\d+(?:,\d{3})*(?:\.\d*)?|\.\d+|[-+*/()])/y

/** Undefined where it cannot be read. */
export function readCalculation(query: string): Calculation | undefined {
  const numbers: Calculation["numbers"] = []
  const tokens: { text: string; end: number }[] = []
  token.lastIndex = 0
  for (let end = 0; query.slice(end).trim() !== ""; end = token.lastIndex) {
    token.lastIndex = end
    const [, text] = token.exec(query) ?? []
    if (text === undefined) return undefined
    tokens.push({ text, end: token.lastIndex })
  }
  let at = 0
  const next = (...wanted: readonly string[]): string | undefined =>
    wanted.includes(tokens[at]?.text ?? "") ? tokens[at++]!.text : undefined

  /** Operators of one precedence, from the left. */
  function series(operators: readonly Operator[], part: () => Node | undefined): Node | undefined {
    let left = part()
    for (let sign = next(...operators); left && sign; sign = next(...operators)) {
      const right = part()
      if (right && sign === "/" && "number" in right) numbers[right.number]!.divides = true
      left = right && { operator: sign as Operator, left, right }
    }
    return left
  }
  const sum = (): Node | undefined => series(["+", "-"], product)
  const product = (): Node | undefined => series(["*", "/"], factor)
  function factor(): Node | undefined {
    if (next("-")) {
      const right = factor()
      return right && { operator: "-", right }
    }
    if (next("(")) {
      const inner = sum()
      return next(")") === undefined ? undefined : inner
    }
    const found = tokens[at]
    if (!found || !/\d/.test(found.text)) return undefined
    at++
    const value = new Fraction(found.text.replaceAll(",", "").replace(/\.$/, ""))
    numbers.push({ value, start: found.end - found.text.length, end: found.end, divides: false })
    return { number: numbers.length - 1 }
  }
  const root = sum()
  return root && at === tokens.length ? { numbers, query, root } : undefined
}

/** What each part of it comes to with these numbers, always in one order, the whole last; undefined where one divides by 0. */
export function workOut({ root }: Calculation, numbers: readonly Fraction[]): Fraction[] | undefined {
  const parts: Fraction[] = []
  const partOf = (node: Node): Fraction | undefined => {
    if ("number" in node) return numbers[node.number]
    const left = node.left ? partOf(node.left) : new Fraction(0)
    const right = partOf(node.right)
    if (!left || !right || (node.operator === "/" && right.n === 0n)) return undefined
    const value = operations[node.operator](left, right)
    parts.push(value)
    return value
  }
  const whole = partOf(root)
  return whole && [...parts, whole]
}

const operations: Record<Operator, (a: Fraction, b: Fraction) => Fraction> = {
  "+": (a, b) => a.add(b),
  "-": (a, b) => a.sub(b),
  "*": (a, b) => a.mul(b),
  "/": (a, b) => a.div(b),
}

/** The calculation with other numbers in its places. */
export function withNumbers({ query, numbers }: Calculation, others: readonly Fraction[]): string {
  let text = ""
  let end = 0
  for (const [place, number] of numbers.entries()) {
    const other = others[place]!
    text += query.slice(end, number.start)
    text += other.equals(number.value) ? query.slice(number.start, number.end) : other.toString()
    end = number.end
  }
  return text + query.slice(end)
}

/** Places behind the point; infinitely many of a third. */
export function decimalsOf({ d }: Fraction): number {
  let [rest, twos, fives] = [d, 0, 0]
  for (; rest % 2n === 0n; rest /= 2n) twos++
  for (; rest % 5n === 0n; rest /= 5n) fives++
  return rest === 1n ? Math.max(twos, fives) : Number.POSITIVE_INFINITY
}
