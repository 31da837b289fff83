/**
 * Numbers as text. `python-float`: as Python's `repr(float)`, what models trained on Python transcripts expect; `plain`: for people, whole numbers without `.0`.
 * Invariant: reading the text back gives the same double, in the fewest digits.
 */
export type NumberStyle = "python-float" | "plain"
export const numberStyles = ["python-float", "plain"] as const satisfies readonly NumberStyle[]

/** Text of a finite number, or `True` / `False`. */
export function formatValue(value: number | boolean, style: NumberStyle = "python-float"): string {
  if (typeof value === "boolean") return value ? "True" : "False"
  return style === "plain" ? String(value) : pythonFloat(value)
}

function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0"
  const exponent = Number(value.toExponential().split("e")[1])
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const [digits] = value.toExponential().split("e")
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
  }
  // Between 1e-4 and 1e16 JavaScript writes no exponent either, only the `.0` is missing.
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
