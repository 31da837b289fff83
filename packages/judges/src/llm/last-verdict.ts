/**
 * Reads a judge's verdict: the last verdict word of its reply, whatever markdown or case it stands in.
 * Invariant: a word counts only where it is meant as the verdict. `GOOD or BAD` and `not GOOD` say nothing, thinking is
 * no reply, and where nothing is clear there is no verdict: a guess would become a reward.
 */

/** The two words of a judge, in capitals: for and against. */
export type VerdictWords = readonly [positive: string, negative: string]

/**
 * The word that the reply ends on; undefined where it gives none. A word after a label or alone on its line goes before
 * one in capitals (an explanation may name the other word so), and that before one in small letters. `NO. A YES would
 * need the year` opens with one word and then names the other: that is no verdict.
 */
export function lastVerdict(reply: string, words: VerdictWords): string | undefined {
  const plain = withoutThinking(reply.normalize("NFKC")).replace(/\\(?:boxed|text|textbf|mathbf)\b/g, " ")
  const text = withoutChoices(plain, words)
  const found = [...text.matchAll(wordPattern(words))]
    .filter(
      ({ index, 0: { length } }) =>
        !negated.test(text.slice(Math.max(0, index - 48), index)) &&
        !asked.test(text.slice(index + length, index + length + 8)),
    )
    .map((match) => ({ written: match[0], word: match[0].toUpperCase(), at: match.index }))
  const last = (means: (each: (typeof found)[number]) => boolean): string | undefined => found.findLast(means)?.word
  const meant = last(({ at, written }) => isMarked(text, at) || isAlone(text, at, written))
  if (meant) return meant
  const inCapitals = found.findLast(({ written, word }) => written === word)
  if (!inCapitals) return last(({ at, written }) => isWholeSentence(text, at, written))
  const [first] = found
  const contradicted = first && first.word !== inCapitals.word && opens(text, first.at, first.written)
  return contradicted && !closes(text, inCapitals.at, inCapitals.written) ? undefined : inCapitals.word
}

/** Reasoning models think aloud first; a thought that never ends leaves no reply. */
const withoutThinking = (reply: string): string =>
  reply.replace(/^[\s\S]*<\/think(?:ing)?>/i, "").replace(/<think(?:ing)?>[\s\S]*$/i, "")

/** `GOOD or BAD`, `YES/NO`: the question repeated, no answer to it. */
function withoutChoices(text: string, words: VerdictWords): string {
  const either = words.join("|")
  const choice = new RegExp(
    `\\b(?:${either})\\b["'*_\`”]{0,4}\\s{0,4}(?:\\b(?:or|and|nor|versus|vs)\\b\\.?|[/|])\\s{0,4}["'*_\`“]{0,4}(?:${either})\\b`,
    "gi",
  )
  return text.replace(choice, (written) => " ".repeat(written.length))
}

/** Whole words: not part of `goodness`, `no-one` or `bad's`; emphasis such as `_GOOD_` is none of the word. */
const wordPattern = (words: VerdictWords): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}][_'’-]{0,3})(?:${words.join("|")})(?![_'’-]{0,3}[\\p{L}\\p{N}])`, "giu")

const negated =
  /(?:\b(?:not|no|never|neither|nor|hardly|cannot|far from|anything but)|n['’]t)[ \t]+(?:(?:be|a|an|the|as|really|very|quite|so|that|entirely|necessarily)[ \t]+){0,2}["'*_`“]*$/i

/** `… or is it GOOD?` */
const asked = /^["'*_`”)\]]{0,6}\?/

const markedBefore =
  /\b(?:(?:verdict|judge?ment|conclusion|decision|rating|assessment)\b["'*_`”]*\s*(?:\b(?:is|was)\b|[:=>–—-])|(?:answer|label|evaluation|result|final)\b["'*_`”]*\s*[:=>–—-])[^\p{L}\p{N}]{0,12}$/iu

const isMarked = (text: string, at: number): boolean => markedBefore.test(text.slice(Math.max(0, at - 48), at))

/** Alone on its line, up to marks and a list's number. */
function isAlone(text: string, at: number, written: string): boolean {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at)
  const end = text.indexOf("\n", at)
  const after = text.slice(at + written.length, end < 0 ? undefined : end)
  return !/[\p{L}\p{N}]/u.test(before.replace(/^\s*\d+[.)]/, "") + after)
}

/** The first word, where nothing takes it back (`Yes, …`), or the last one (`… so this is good.`). */
function isWholeSentence(text: string, at: number, written: string): boolean {
  const after = text.slice(at + written.length, at + written.length + 2000)
  const kept = opens(text, at, written) && !/\b(?:but|however|although|yet|except)\b/i.test(after)
  return kept || closes(text, at, written)
}

/** The first word of all, where a mark follows. */
const opens = (text: string, at: number, written: string): boolean =>
  !/[\p{L}\p{N}]/u.test(text.slice(0, at)) &&
  /^["'*_`”]*[.,:;!—–]/.test(text.slice(at + written.length, at + written.length + 8))

/** The last word of all. */
const closes = (text: string, at: number, written: string): boolean =>
  !/[\p{L}\p{N}]/u.test(text.slice(at + written.length))
