/** The calculator as a plugin: one tool, one text field in, one line of text out. A failure is an observation, never an exception. */
import { definePlugin } from "@swirl-ts/core"
import { z } from "zod"
import { evaluate, MAXIMUM_LENGTH } from "./evaluate.ts"
import { type NumberStyle, numberStyles } from "./format.ts"

export type CalculatorOptions = {
  /** How results are printed; `python-float` (24.0) unless told otherwise. */
  style?: NumberStyle
}

const description =
  "Evaluates one arithmetic expression and returns the number. Operators: + - * / // % ** and comparisons; percent as in 15% of 80; " +
  "functions: sqrt, abs, min, max, sum, mean, round, floor, ceil, gcd, lcm, factorial, log, exp, sin, cos, tan; constants: pi, e. " +
  "No variables and no units."

/** The plugin `tools-calculator` with its tool `calculator`. Throws for an unknown style. */
export function calculator(options: CalculatorOptions = {}) {
  const { style } = z.strictObject({ style: z.enum(numberStyles).default("python-float") }).parse(options)
  const inputSchema = z.object({
    expression: z
      .string()
      .describe(`the expression, at most ${MAXIMUM_LENGTH} characters, for example 15% of (48 / 2)`),
  })
  return definePlugin({
    meta: { name: "tools-calculator", version: "0.1.0", apiVersion: 1 },
    tools: {
      calculator: {
        description,
        inputSchema,
        execute({ expression }: z.infer<typeof inputSchema>) {
          const result = evaluate(expression, { style })
          return result.ok ? result.text : { output: `error: ${result.error}`, isError: true }
        },
      },
    },
  })
}
