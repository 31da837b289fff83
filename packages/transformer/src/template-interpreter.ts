/**
 * Walks a parsed chat template. @huggingface/jinja does it; where that differs from Jinja2 without a word, the tree is walked
 * in another way here: a loop goes through a text letter by letter and through what is undefined not at all, what an
 * iteration has written before `break` or `continue` stays, methods of texts and filters are Python's and Jinja2's, and what is
 * printed or compared is so as in Python.
 */
import * as jinja from "@huggingface/jinja"
import { equalityText, pythonText, type RuntimeValue } from "./python-text.ts"
import { filters } from "./template-filters.ts"
import { type Arguments, listMethods, textMethods } from "./template-methods.ts"
import { Environment, isList, isText, type Variables } from "./template-values.ts"

/** What of the library's tree and its walker is used here: its own declarations do not resolve outside of it. */
interface Node {
  type: string
  value?: unknown
  body?: Node[]
}
interface TreeWalker {
  run(program: unknown): RuntimeValue
  evaluate(node: Node | undefined, variables: Variables): RuntimeValue
}
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
interface ArgumentNode extends Node {
  key?: Node
}
interface CallNode extends Node {
  callee: Node & { object: Node; property: Node; computed: boolean }
  args: ArgumentNode[]
}
interface FilterNode extends Node {
  operand: Node
  filter: Node & { callee?: Node; args?: ArgumentNode[] }
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
const isArgument = ({ type }: Node): boolean => !["SpreadExpression", "KeywordSpreadExpression"].includes(type)

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
        return this.called(node as CallNode, variables)
      case "FilterExpression":
        return this.filtered(node as FilterNode, variables)
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

  /** A method of ours, or the library's over the same value, which is not computed again. */
  private called(node: CallNode, variables: Variables): RuntimeValue {
    const { callee, args } = node
    if (callee.type !== "MemberExpression" || callee.computed) return super.evaluate(node, variables)
    const from = this.evaluate(callee.object, variables)
    const name = `${callee.property.value}`
    const methods = isText(from) ? textMethods : isList(from) ? listMethods : {}
    if (Object.hasOwn(methods, name) && args.every(isArgument)) {
      const values = this.argumentsOf(args, variables)
      const result = isText(from)
        ? textMethods[name]!(from.value as string, values)
        : listMethods[name]!(from.value as RuntimeValue[], values)
      if (result) return result
    }
    return super.evaluate({ ...node, callee: { ...callee, object: knownNode(from) } } as CallNode, variables)
  }

  private filtered(node: FilterNode, variables: Variables): RuntimeValue {
    const operand = this.evaluate(node.operand, variables)
    const { filter } = node
    const name = `${(filter.callee ?? filter).value}`
    const args = filter.args ?? []
    if (Object.hasOwn(filters, name) && args.every(isArgument)) {
      const result = filters[name]!(operand, this.argumentsOf(args, variables))
      if (result) return result
    }
    return super.evaluate({ ...node, operand: knownNode(operand) } as FilterNode, variables)
  }

  private argumentsOf(args: readonly ArgumentNode[], variables: Variables): Arguments {
    const given: RuntimeValue[] = []
    const named = new Map<string, RuntimeValue>()
    for (const each of args)
      if (each.type === "KeywordArgumentExpression")
        named.set(`${each.key!.value}`, this.evaluate(each.value as Node, variables))
      else given.push(this.evaluate(each, variables))
    return { given, named }
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

const knownNode = (known: RuntimeValue): KnownNode => ({ type: "Known", known })

/** The same statement, each of its bodies as one block of ours. */
function withBlocks(node: Node): Node {
  const blocks = ["body", "alternate", "defaultBlock"].flatMap((name) => {
    const body = (node as unknown as Record<string, unknown>)[name]
    return Array.isArray(body) && body.length > 0 ? [[name, [{ type: "Program", body }]]] : []
  })
  return { ...node, ...Object.fromEntries(blocks) }
}
