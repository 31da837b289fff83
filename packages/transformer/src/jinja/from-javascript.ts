/** Values of JavaScript as Python would have them if they had come as JSON: what is undefined is not there. */
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { Float, PythonObject, type Value } from "./values.ts"

export function fromJavaScript(value: unknown): Value {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
      return value
    case "number":
      return Number.isSafeInteger(value) ? value + 0 : new Float(value)
    case "undefined":
      return null
    case "object":
      if (value === null || value instanceof PythonObject) return value
      if (Array.isArray(value)) return value.map(fromJavaScript)
      return new Dict(
        Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, fromJavaScript(item)]])),
      )
    default:
      return fail(`a ${typeof value} cannot be given to a template`)
  }
}
