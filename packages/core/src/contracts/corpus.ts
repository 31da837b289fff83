/** The passages that a benchmark offers to search, and what reading them left out. */

export interface Passage {
  title: string
  text: string
}

/** Passages a benchmark offers to search. Equal `id` means equal passages, so an index can be shared. */
export interface Corpus {
  id: string
  passages(): Iterable<Passage> | AsyncIterable<Passage>
  /** What the last whole reading of `passages` left out; absent where nothing ever is. */
  skipped?(): Skipped
}

/** Broken lines and the like of what a corpus is read from: how many, and the first few with their places. */
export interface Skipped {
  count: number
  lines: readonly string[]
}
