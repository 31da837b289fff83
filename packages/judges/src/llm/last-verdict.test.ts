import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lastVerdict, type VerdictWords } from "./last-verdict.ts"

const words: VerdictWords = ["GOOD", "BAD"]
const yesNo: VerdictWords = ["YES", "NO"]

describe("the verdict of a reply", () => {
  it.each([
    ["The query names the person and the place.\n\nGOOD", "GOOD"],
    ["… repeats step 2.\n**BAD**", "BAD"],
    ["Fine.\n\n### Verdict: **Good**", "GOOD"],
    ["Verdict: good. There is nothing bad about it.", "GOOD"],
    ['{"explanation": "a good idea badly done", "verdict": "BAD"}', "BAD"],
    ["At first it looks BAD, but the date helps. Judgement: GOOD.", "GOOD"],
    ["You want GOOD or BAD. I say `BAD`", "BAD"],
    ["BAD\n\nA good query would have named the director.", "BAD"],
    ["good", "GOOD"],
    ["Good.", "GOOD"],
    ["Considering everything, this step is good.", "GOOD"],
    ["\\boxed{GOOD}", "GOOD"],
    ["__BAD__", "BAD"],
    ["<think>It is BAD, surely. BAD.</think>\nGOOD", "GOOD"],
    ["The verdict is\n\nbad", "BAD"],
    ["GOOD\u00a0", "GOOD"],
    ["ＧＯＯＤ", "GOOD"],
    ["Verdict: BAD. A GOOD query would have named the director.", "BAD"],
    ["**BAD**\n\nTo be GOOD, the query has to name the film.", "BAD"],
    ["The answer is good in form, but nothing supports it, so BAD.", "BAD"],
    ["<verdict>good</verdict>", "GOOD"],
    ["<explanation>a good idea badly done</explanation><verdict>bad</verdict> It will not help.", "BAD"],
    ["BAD. It repeats step 1. Is it GOOD? It repeats step 1, so BAD, and that is all", "BAD"],
    ["GOOD, but wait: it repeats step 1. So BAD.", "BAD"],
  ])("%j is %s", (reply, verdict) => {
    expect(lastVerdict(reply, words)).toBe(verdict)
  })

  it.each([
    "",
    "   ",
    "I cannot judge this.",
    "I'm sorry, but I can't help with that.",
    "Answer with GOOD or BAD",
    "GOOD/BAD",
    "**BAD** or **GOOD**?",
    "This is not GOOD",
    "It isn't really good.",
    "A good query would have named the director, and this one does",
    "Goodness, what a badly worded query",
    "<think>GOOD",
    "the good-looking one",
    "That is no good",
    "This is far from GOOD",
    "Good, but it repeats step 1",
    "GOOD?",
    "BAD. Though a GOOD query would have looked like this one",
  ])("%j gives none", (reply) => {
    expect(lastVerdict(reply, words)).toBeUndefined()
  })

  it.each([
    ["Yes, both name the same city.", "YES"],
    ["No. The years differ.", "NO"],
    ["They have no word in common, but mean the same.\nYES", "YES"],
    ["no-one knows\nNo", "NO"],
    ["NO. But if the year did not matter, YES?", "NO"],
    ["<answer>yes</answer>", "YES"],
    ["Answer: NO (… a YES would need the year)", "NO"],
    ["The answer no longer matters. Yes.", "YES"],
    ["Is it the same? YES or NO: NO", "NO"],
  ])("%j is %s for a judge of answers", (reply, verdict) => {
    expect(lastVerdict(reply, yesNo)).toBe(verdict)
  })

  const dressed = fc
    .tuple(
      fc.constantFrom(
        "",
        "Verdict: ",
        "**Verdict:** ",
        "Final verdict - ",
        "### ",
        "> ",
        "- ",
        "1. Verdict: ",
        'Verdict: "',
      ),
      fc.constantFrom("", "*", "**", "_", "`", '"', "(", "["),
      fc.constantFrom("", ".", "!", "**", "_", "`", '"', ")", "]", ".\n", "\n\n"),
    )
    .map(([before, open, close]) => [before + open, close] as const)
  const verdict = fc.constantFrom("GOOD", "BAD", "good", "bad", "Good", "Bad")

  it("is the word of the last line, whatever the explanation says and however the word is dressed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.lorem(), verdict, fc.constant("GOOD or BAD"), fc.constant("not good")), {
          maxLength: 12,
        }),
        dressed,
        verdict,
        (explanation, [before, after], word) => {
          const said = explanation.join(" ").replaceAll("<", "(")
          expect(lastVerdict(`${said}\n\n${before}${word}${after}`, words)).toBe(word.toUpperCase())
        },
      ),
    )
  })

  it("is never anything but one of the two words, and none where neither occurs", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.lorem({ maxCount: 30 }), (noise, text) => {
        const reply = `${noise} ${text}`
        const found = lastVerdict(reply, words)
        if (found === undefined) return
        expect(words).toContain(found)
        expect(reply.toUpperCase()).toContain(found)
      }),
    )
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), (text) => {
        expect(lastVerdict(text, words)).toBeUndefined()
      }),
    )
  })

  it("reads a reply of a million characters at once", () => {
    const started = performance.now()
    expect(lastVerdict(`${"it is not good or bad _".repeat(45_000)}\nGOOD`, words)).toBe("GOOD")
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
