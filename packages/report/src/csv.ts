/** Lines of values as RFC 4180 has them; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export type CsvValue = string | number | boolean | undefined

/** `columns`: by name, in order. A value that is not there is empty. */
export function csv<Line>(columns: Readonly<Record<string, (line: Line) => CsvValue>>, lines: readonly Line[]): string {
  const records = [Object.keys(columns), ...lines.map((line) => Object.values(columns).map((of) => of(line)))]
  return records.map((record) => `${record.map(field).join(",")}\r\n`).join("")
}

/** Only texts are made harmless: a negative number is a number. */
function field(value: CsvValue): string {
  if (value === undefined) return ""
  if (typeof value !== "string") return String(value)
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
