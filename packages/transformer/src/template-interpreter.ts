/**
 * Walks a parsed chat template. @huggingface/jinja does it; where that differs from Jinja2 without a word, the tree is walked
 * in another way here: a loop goes through a text letter by letter and through what is undefined not at all, what an
 * iteration has written before `break` or `continue` stays, `strip(characters)` strips these alone, and what is printed
 * or compared is so as in Python.
 */
import * as jinja from "@huggingface/jinja"
import { equalityText, pythonText, type RuntimeValue } from "./python-text.ts"

/** What of the library's tree and its walker is used here: its own declarations do not resolve outside of it. */
interface Node {
  type: string
  value?: unknown
  body?: Node[]
}
interface Variables {
  set(name: string, value: unknown): unknown
}
interface TreeWalker {
  run(program: unknown): RuntimeValue
  evaluate(node: Node | undefined, variables: Variables): RuntimeValue
}
const Environment = jinja.Environment as unknown as new () => Variables
const Interpreter = jinja.Interpreter as unknown as new (variables: Variables) => TreeWalker

export function renderTree(program: unknown, values: Readonly<Record<string, unknown>>): string {
  const variables = new Environment()
  for (const [name, value] of Object.entries(values)) variables.set(name, value)
  return `${new TemplateInterpreter(variables).run(program).value}`
}

interface ForNode extends Node {
  iterable: Node & { lhs?: Node }
  body: Node[]
}
interface CallNode extends Node {
  callee: Node & { object: Node; property: Node; computed: boolean }
  args: Node[]
}
interface BinaryNode extends Node {
  operator: { value: string }
  left: Node
  right: Node
}

/** Nodes that no parser makes: a value that is known, and the body of a loop, which is left in its own way. */
interface KnownNode extends Node {
  type: "Known"
  known: RuntimeValue
}
interface LoopBodyNode extends Node {
  type: "LoopBody"
  body: Node[]
  isOver: boolean
}

const empty: Node = { type: "Comment" }
const statements = new Set(["Set", "If", "For", "Macro", "CallStatement", "FilterStatement", "Break", "Continue"])
const strips: Record<string, (letters: readonly string[], isStripped: (letter: string) => boolean) => string[]> = {
  lstrip: (letters, isStripped) => letters.slice(firstKept(letters, isStripped)),
  rstrip: (letters, isStripped) => letters.slice(0, letters.findLastIndex((letter) => !isStripped(letter)) + 1),
  strip: (letters, isStripped) => strips.rstrip!(strips.lstrip!(letters, isStripped), isStripped),
}

function firstKept(letters: readonly string[], isStripped: (letter: string) => boolean): number {
  const first = letters.findIndex((letter) => !isStripped(letter))
  return first < 0 ? letters.length : first
}

class TemplateInterpreter extends Interpreter {
  /** What follows is passed over until the loop's body ends. */
  private leaving: "Break" | "Continue" | undefined

  override evaluate(node: Node | undefined, variables: Variables): RuntimeValue {
    if (this.leaving || !node) return super.evaluate(node && empty, variables)
    switch (node.type) {
      case "Program":
        return this.block(node.body!, variables)
      case "For":
        return super.evaluate(this.loop(node as ForNode, variables), variables)
      case "LoopBody":
        return this.iteration(node as LoopBodyNode, variables)
      case "Known":
        return (node as KnownNode).known
      case "Break":
      case "Continue":
        this.leaving = node.type
        return super.evaluate(empty, variables)
      case "If":
      case "Set":
      case "Macro":
      case "CallStatement":
      case "FilterStatement":
        return super.evaluate(withBlocks(node), variables)
      case "CallExpression":
        return this.stripped(node as CallNode, variables) ?? super.evaluate(node, variables)
      case "BinaryExpression":
        return this.joinedOrCompared(node as BinaryNode, variables) ?? super.evaluate(node, variables)
      default:
        return super.evaluate(node, variables)
    }
  }

  private text(value: string, variables: Variables): RuntimeValue {
    return super.evaluate({ type: "StringLiteral", value }, variables)
  }

  /** What is printed, one node after another. */
  private block(body: readonly Node[], variables: Variables): RuntimeValue {
    let written = ""
    for (const node of body) {
      const value = this.evaluate(node, variables)
      const isPrinted = !statements.has(node.type) && node.type !== "Comment" && node.type !== "LoopBody"
      if (!this.leaving && isPrinted) written += pythonText(value)
      else if (value.type === "StringValue") written += value.value
    }
    return this.text(written, variables)
  }

  private loop(node: ForNode, variables: Variables): Node {
    const { iterable, body } = node
    const isSelected = iterable.type === "SelectExpression"
    const known = this.itemsOf(this.evaluate(isSelected ? iterable.lhs : iterable, variables), variables)
    const loopBody: LoopBodyNode = { type: "LoopBody", body, isOver: false }
    const parts = { iterable: isSelected ? { ...iterable, lhs: known } : known, body: [loopBody] }
    return { ...withBlocks(node), ...parts }
  }

  private itemsOf(value: RuntimeValue, variables: Variables): KnownNode {
    const list = (items: Node[]): RuntimeValue => super.evaluate({ type: "ArrayLiteral", value: items }, variables)
    if (value.type === "StringValue") {
      const letters = [...(value.value as string)].map((letter) => ({ type: "StringLiteral", value: letter }))
      return { type: "Known", known: list(letters) }
    }
    return { type: "Known", known: value.type === "UndefinedValue" ? list([]) : value }
  }

  private iteration(loop: LoopBodyNode, variables: Variables): RuntimeValue {
    if (loop.isOver) return super.evaluate(empty, variables)
    const written = this.block(loop.body, variables)
    loop.isOver = this.leaving === "Break"
    this.leaving = undefined
    return written
  }

  private stripped({ callee, args }: CallNode, variables: Variables): RuntimeValue | undefined {
    const strip = strips[`${callee.property?.value}`]
    if (callee.type !== "MemberExpression" || callee.computed || args.length !== 1 || !strip) return undefined
    const [from, characters] = [callee.object, args[0]].map((part) => this.evaluate(part, variables))
    if (from!.type !== "StringValue" || characters!.type !== "StringValue") return undefined
    const given = new Set(characters!.value as string)
    return this.text(strip([...(from!.value as string)], (letter) => given.has(letter)).join(""), variables)
  }

  private joinedOrCompared(node: BinaryNode, variables: Variables): RuntimeValue | undefined {
    const operator = node.operator.value
    if (!["~", "==", "!="].includes(operator)) return undefined
    const [left, right] = [node.left, node.right].map((part) => this.evaluate(part, variables)) as [
      RuntimeValue,
      RuntimeValue,
    ]
    if (operator === "~") return this.text(pythonText(left) + pythonText(right), variables)
    const literal = (value: RuntimeValue): Node => ({ type: "StringLiteral", value: equalityText(value) })
    return super.evaluate({ ...node, left: literal(left), right: literal(right) } as BinaryNode, variables)
  }
}

/** The same statement, each of its bodies as one block of ours. */
function withBlocks(node: Node): Node {
  const blocks = ["body", "alternate", "defaultBlock"].flatMap((name) => {
    const body = (node as unknown as Record<string, unknown>)[name]
    return Array.isArray(body) && body.length > 0 ? [[name, [{ type: "Program", body }]]] : []
  })
  return { ...node, ...Object.fromEntries(blocks) }
}
