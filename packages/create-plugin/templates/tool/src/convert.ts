/** Converts a quantity between units of one dimension. What cannot be converted is an observation, never an exception. */
import { defineTool } from "@swirl-ts/core"
import { z } from "zod"
import { measureOf, units } from "./units.ts"

/** Ten digits, so that no rounding of doubles is shown: 0.1 m is 10 cm, not 10.000000000000002. */
const DIGITS = 10

// What stands in `describe` is all that a model learns of a field.
const inputSchema = z.object({
  value: z.number().describe("how many"),
  from: z.enum(units).describe("the unit it is given in"),
  to: z.enum(units).describe("the unit to convert it to"),
})

export const convert = defineTool({
  description: "Converts a quantity from one unit to another and returns the number.",
  inputSchema,
  execute({ value, from, to }) {
    const [source, target] = [measureOf(from), measureOf(to)]
    if (source.dimension !== target.dimension) {
      const output = `error: ${from} is a ${source.dimension}, ${to} is a ${target.dimension}`
      return { output, isError: true }
    }
    return String(Number(((value * source.size) / target.size).toPrecision(DIGITS)))
  },
})
