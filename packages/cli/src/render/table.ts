/** Plain text tables for terminals: columns padded to their widest cell, numbers to the right. */

export function table(rows: readonly (readonly string[])[]): string[] {
  const width = rows.reduce<number[]>((widths, row) => row.map((cell, i) => Math.max(widths[i] ?? 0, cell.length)), [])
  const numeric = (column: number): boolean =>
    rows.slice(1).every((row) => /^[-−+]?[\d.]|^$|^–/.test(row[column] ?? ""))
  const right = width.map((_, column) => column > 0 && numeric(column))
  return rows.map((row) =>
    row
      .map((cell, i) => (right[i] ? cell.padStart(width[i]!) : cell.padEnd(width[i]!)))
      .join("  ")
      .trimEnd(),
  )
}
