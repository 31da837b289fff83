/** Values of a template as Python's `str` and `repr` write them. */

/** As @huggingface/jinja has them. */
export interface RuntimeValue {
  type: string
  value: unknown
}

/** `str(value)`; nothing for what is undefined. */
export const pythonText = (value: RuntimeValue): string =>
  value.type === "StringValue" ? `${value.value}` : value.type === "UndefinedValue" ? "" : representation(value)

/** Equal for values that Python calls equal: `1 == 1.0 == true`, lists and mappings by what they hold, never `'1' == 1`. */
export const equalityText = (value: RuntimeValue): string =>
  typeof value.value === "number" || typeof value.value === "boolean" ? `${Number(value.value)}` : representation(value)

function representation({ type, value }: RuntimeValue): string {
  switch (type) {
    case "StringValue":
      return quoted(`${value}`)
    case "BooleanValue":
      return value ? "True" : "False"
    case "NullValue":
      return "None"
    case "UndefinedValue":
      return "Undefined"
    case "FloatValue":
      return Number.isInteger(value) ? `${value}.0` : `${value}`
    case "ArrayValue":
      return `[${(value as RuntimeValue[]).map(representation).join(", ")}]`
    case "TupleValue": {
      const items = (value as RuntimeValue[]).map(representation)
      return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`
    }
    case "ObjectValue": {
      const entries = [...(value as Map<string, RuntimeValue>)]
      return `{${entries.map(([name, item]) => `${quoted(name)}: ${representation(item)}`).join(", ")}}`
    }
    default:
      return `${value}`
  }
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** Single quotes, but where only these are inside. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inside = text.replace(/[\\\p{Cc}\u00a0\u00ad]/gu, (character) => {
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`
  })
  return `${quote}${quote === "'" ? inside.replaceAll("'", "\\'") : inside}${quote}`
}
