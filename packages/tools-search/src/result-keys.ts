/** Which passages a result shows: by title where it shows titles, else by text. What is cut or white space makes no difference to a title. */
import type { SearchSettings } from "./options.ts"

/** A title ends at the first `: `, so of titles that hold one themselves the beginning counts. */
export function resultKeys(text: string, { count, format }: Pick<SearchSettings, "count" | "format">): string[] {
  const passages = count > 1 && /^\[1\] /.test(text) ? text.split(/^\[\d+\] /m).slice(1) : [text]
  return passages
    .map((passage) => (format === "text" ? passage : passage.split(": ", 1)[0]!))
    .map((key) => key.normalize("NFKC").replace(/\s+/g, " ").trim())
    .filter((key) => key !== "")
}
