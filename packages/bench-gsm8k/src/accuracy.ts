/**
 * The plugin's own metric for a trajectory's `<answer>`: right if it names one number and that number is the gold one.
 * Compared as decimals, not as text, because tools print `18.0`: `18`, `18.0`, `$18.00`, `1,800`, `**18**` and
 * `18 eggs` are read; `16 + 2 = 18` names three numbers and is read as none of them.
 */

// Everything that looks like a number is cut out whole; a minus after a digit is an operator (`10-20` holds two).
const numberLike = /(?:(?<!\d)[-+])?[\d.,]+(?:(?<=\d)[eE][-+]?\d+)?/g
const wellFormed = /^[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?$/

/** The only number a text names, in one spelling (`-3`, `0.5`); undefined if it names none, several or a broken one. */
export function onlyNumber(text: string): string | undefined {
  const plain = text.replace(/[−‒–]/g, "-").replace(/-\s*\$\s*(?=[\d.])/g, "-")
  const [found, ...more] = (plain.match(numberLike) ?? []).filter((text) => /\d/.test(text))
  if (found === undefined || more.length > 0) return undefined
  const trimmed = found.replace(/(?<![.,])[.,]+$/, "")
  return wellFormed.test(trimmed) ? canonical(trimmed.replaceAll(",", "")) : undefined
}

/** One spelling a value: no plus, no leading zeros, no zeros after the point, no `-0`. */
function canonical(text: string): string {
  if (/e/i.test(text)) return String(Number(text) + 0)
  const [, sign, whole, fraction] = /^([-+]?)(\d*)\.?(\d*)$/.exec(text)!
  const digits = whole!.replace(/^0+(?=\d)/, "") || "0"
  const rest = fraction!.replace(/0+$/, "")
  const value = rest ? `${digits}.${rest}` : digits
  return sign === "-" && value !== "0" ? `-${value}` : value
}

/** 1 if the answer names one number and it equals the gold number. */
export function accuracy(answer: string | undefined, gold: string): number {
  const given = answer === undefined ? undefined : onlyNumber(answer)
  return given !== undefined && given === onlyNumber(gold) ? 1 : 0
}
