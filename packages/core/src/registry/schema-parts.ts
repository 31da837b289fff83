/** Parts of the schemas that plugins are checked by. */
import { z } from "zod"

export const functionSchema = z.custom((value) => typeof value === "function", "it should be a function")
export const optionalFunction = functionSchema.optional()
