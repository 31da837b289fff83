/** Recorded text, as text: nothing of it is read as markup, nothing stays invisible, and what is long is cut until asked for. */
import { useState } from "preact/hooks"
import { visibleText } from "../../src/visible-text.ts"
import { count } from "./numbers.ts"

const shownAtFirst = 4000

export function Text({ text, of }: { text: string; of: string }) {
  const [isWhole, showWhole] = useState(false)
  if (text === "") return <p class="nothing">The {of} is empty.</p>
  const isCut = !isWhole && text.length > shownAtFirst
  return (
    <div class="text">
      <pre>{visibleText(isCut ? text.slice(0, shownAtFirst) : text)}</pre>
      {isCut && (
        <button type="button" class="quiet" onClick={() => showWhole(true)}>
          Show all of it: {count(text.length - shownAtFirst)} more characters
        </button>
      )}
    </div>
  )
}

/** One line of it, for lists and headings. */
export const line = (text: string, limit = 220): string => {
  const start = text
    .slice(0, 4 * limit)
    .replace(/\s+/g, " ")
    .trim()
  return visibleText(start.length > limit ? `${start.slice(0, limit - 1)}…` : start)
}
