/** A reader of RFC 4180 for tests, strict: throws on a stray quote, a bare line feed and records of different lengths. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const [, quoted, plain, end] = pattern.exec(text) ?? []
    if (end === undefined) throw new Error(`no field at ${at}: ${text.slice(at, at + 40)}`)
    record.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    records.push(record)
    record = []
  }
  if (record.length > 0) throw new Error("the last record does not end")
  if (new Set(records.map(({ length }) => length)).size > 1) throw new Error("records of different lengths")
  return records
}
