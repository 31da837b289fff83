/**
 * Reads a calculator expression: which numbers it uses, and whether it is one at all. It computes nothing.
 * Grammar: sum = unary (operator unary)*; unary = sign* primary; primary = number %? | (sum) | name(sum, …) | pi | e.
 */
import { decimals, toNumber } from "./numbers.ts"

export interface Operand {
  text: string
  /** Never negative: a sign is an operator. */
  value: number
  decimals: number
  percent: boolean
}

export type Expression = { operands: Operand[]; operators: number } | { problem: string }

const tokenPattern =
  /\s*(?:(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+)|(\*\*|\/\/|[-+*/^%()×÷,])|([a-z]+)|(\S))/giy

interface Token {
  kind: "number" | "sign" | "name" | "other"
  text: string
}

function tokens(text: string): Token[] {
  const kinds = ["number", "sign", "name", "other"] as const
  return [...text.replaceAll("$", " ").matchAll(tokenPattern)].map((match) => {
    const at = match.slice(1).findIndex((group) => group !== undefined)
    return { kind: kinds[at]!, text: match[at + 1]! }
  })
}

const binary = new Set(["+", "-", "*", "/", "^", "**", "//", "%", "×", "÷", "x"])

/** Operands in the order of writing, or what is wrong, in words. Nesting is bounded, so hostile text cannot overflow. */
export function readExpression(text: string): Expression {
  if (text.length > 2000) return { problem: "the expression is longer than 2,000 characters" }
  const list = tokens(text.replace(/=\s*\??\s*$/, ""))
  const operands: Operand[] = []
  let operators = 0
  let position = 0
  const peek = () => list[position]?.text
  const expect = (mark: string) => {
    if (peek() !== mark) throw new Misread(`"${mark}" is missing`)
    position++
  }
  const sum = (depth: number): void => {
    if (depth > 50) throw new Misread("it is nested too deeply")
    unary(depth)
    while (position < list.length && binary.has(peek()!.toLowerCase())) {
      position++
      operators++
      unary(depth)
    }
  }
  const unary = (depth: number): void => {
    while (peek() === "-" || peek() === "+") position++
    const token = list[position++]
    if (!token) throw new Misread("it ends where a number should follow")
    if (token.kind === "number") {
      const next = list[position + 1]
      const percent = peek() === "%" && !(next && (next.kind === "number" || next.kind === "name" || next.text === "("))
      if (percent) position++
      operands.push({ text: token.text, value: toNumber(token.text), decimals: decimals(token.text), percent })
    } else if (token.text === "(") {
      sum(depth + 1)
      expect(")")
    } else if (token.kind === "name" && peek() === "(") {
      position++
      operators++
      sum(depth + 1)
      while (peek() === ",") {
        position++
        sum(depth + 1)
      }
      expect(")")
    } else if (token.kind !== "name" || !/^(?:pi|e)$/i.test(token.text)) {
      throw new Misread(`"${token.text}" is not a number`)
    }
  }
  try {
    if (list.length === 0) throw new Misread("it is empty")
    sum(0)
    if (position < list.length) throw new Misread(`"${peek()}" does not belong there`)
  } catch (error) {
    if (error instanceof Misread) return { problem: error.message }
    throw error
  }
  return { operands, operators }
}

class Misread extends Error {}
