/** `512 B`, `1.4 kB`, `2.0 GB`: sizes for people. */
export function bytesText(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB"]
  if (bytes < 1000) return `${bytes} B`
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}
