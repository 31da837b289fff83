/** The calculator as a plugin: one tool, one text field in, one line of text out. A failure is an observation, never an exception. */
import { definePlugin, type Tool } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { evaluate, MAXIMUM_LENGTH } from "./evaluate.ts"
import { numberStyles } from "./format.ts"

const OptionsSchema = z.strictObject({
  /** How results are printed; `python-float` is 24.0. */
  style: z.enum(numberStyles).default("python-float"),
})
export type CalculatorOptions = z.input<typeof OptionsSchema>

const description =
  "Evaluates one arithmetic expression and returns the number. Operators: + - * / // % ** and comparisons; percent as in 15% of 80; " +
  "functions: sqrt, abs, min, max, sum, mean, round, floor, ceil, gcd, lcm, factorial, log, exp, sin, cos, tan; constants: pi, e. " +
  "No variables and no units."

const inputSchema = z.object({
  expression: z.string().describe(`the expression, at most ${MAXIMUM_LENGTH} characters, for example 15% of (48 / 2)`),
})

/** A benchmark's own options win over the plugin's when the tool is bound to a task. */
function calculatorTool(...layers: readonly unknown[]): Tool<z.infer<typeof inputSchema>> {
  const { style } = readOptions("tool calculator", OptionsSchema, ...layers)
  return {
    description,
    inputSchema,
    tag: { name: "math_exp", argument: "expression" },
    isRepeatable: true,
    bind: ({ options }) => calculatorTool({ style }, options),
    execute({ expression }) {
      const result = evaluate(expression, { style })
      return result.ok ? result.text : { output: `error: ${result.error}`, isError: true }
    },
  }
}

/** The plugin `tools-calculator` with its tool `calculator`. Throws for an unknown style. */
export function calculator(options: CalculatorOptions = {}) {
  return definePlugin({
    meta: { name: "tools-calculator", version: manifest.version, apiVersion: 1 },
    tools: { calculator: calculatorTool(options) },
  })
}
