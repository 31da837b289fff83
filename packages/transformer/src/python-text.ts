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

/** What `strip` takes away and `split` splits by. */
export const pythonSpace = `[\\t-\\r${"\\x1c-\\x1f\\x85"}\\p{Z}]`
const oneSpace = new RegExp(`^${pythonSpace}$`, "u")
export const isPythonSpace = (letter: string): boolean => oneSpace.test(letter)

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
      return floatText(value as number)
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

/** Digits up to 1e16, and an exponent of two digits at least beyond it and below 1e-4. */
function floatText(value: number): string {
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e16 || size < 1e-4))
    return value.toExponential().replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`)
  return Object.is(value, -0) ? "-0.0" : Number.isInteger(value) ? `${value}.0` : `${value}`
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** Single quotes, but where only these are inside. What cannot be printed is written by its number. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inside = text.replace(/[\\\p{C}\p{Z}]/gu, (character) => {
    if (character === " ") return character
    const code = character.codePointAt(0)!
    const hex = (digits: number): string => code.toString(16).padStart(digits, "0")
    return escapes[character] ?? (code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`)
  })
  return `${quote}${quote === "'" ? inside.replaceAll("'", "\\'") : inside}${quote}`
}

/** `text.format(…)`: places by number, by name or in order, with width, sides and decimals. */
export function pythonFormat(
  text: string,
  given: readonly RuntimeValue[],
  named: ReadonlyMap<string, RuntimeValue>,
): string {
  let next = 0
  return text.replace(/\{\{|\}\}|\{(\w*)(?::([^{}]*))?\}/g, (whole, name: string | undefined, settings = "") => {
    if (name === undefined) return whole[0]!
    const value = /^\d*$/.test(name) ? given[name === "" ? next++ : Number(name)] : named.get(name)
    if (!value) throw new Error(`format() was not given ${name || "enough values"}`)
    return aligned(value, settings)
  })
}

/** `text % values`: `%s`, `%r`, `%d`, `%x` and `%f` with width and decimals. */
export function percentFormat(text: string, values: readonly RuntimeValue[]): string {
  let next = 0
  return text.replace(/%([-0]*)(\d*)(?:\.(\d+))?([%srdixfg])/g, (_, flags: string, width: string, decimals, kind) => {
    if (kind === "%") return "%"
    const value = values[next++]
    if (!value) throw new Error("not enough values for the format")
    const plain =
      kind === "r" ? representation(value) : kind === "s" ? pythonText(value) : numberText(value, kind, decimals)
    const size = Number(width)
    return flags.includes("-") ? plain.padEnd(size) : plain.padStart(size, flags.includes("0") ? "0" : " ")
  })
}

const numberText = ({ value }: RuntimeValue, kind: string, decimals?: string): string =>
  kind === "f"
    ? Number(value).toFixed(Number(decimals ?? 6))
    : kind === "g"
      ? `${Number(value)}`
      : Math.trunc(Number(value)).toString(kind === "x" ? 16 : 10)

function aligned(value: RuntimeValue, settings: string): string {
  const parts = /^(?:(.)?([<>^]))?(0?)(\d*)(?:\.(\d+))?([sdxfg]?)$/su.exec(settings)
  if (!parts) throw new Error(`the format ${settings} is not supported`)
  const [, fill = " ", side, zero, width, decimals, kind] = parts
  const isNumeric = typeof value.value === "number"
  const plain = kind && kind !== "s" && isNumeric ? numberText(value, kind, decimals) : pythonText(value)
  const missing = Math.max(0, Number(width) - [...plain].length)
  const before = side === "^" ? Math.floor(missing / 2) : (side ?? (isNumeric ? ">" : "<")) === ">" ? missing : 0
  const with_ = zero && !side ? "0" : fill
  return with_.repeat(before) + plain + with_.repeat(missing - before)
}
