import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { clipped, escapeText, excerpt, html } from "./html.ts"

/** What a browser would make of escaped text. */
const decode = (text: string): string =>
  text.replace(
    /&(?:amp|lt|gt|quot|#39|#96);/g,
    (entity) => ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#96;": "`" })[entity]!,
  )

describe("html", () => {
  it("escapes every text and keeps nested html", () => {
    const inner = html`<b>${"a<b"}</b>`
    expect(
      html`<p title="${'"><script>'}">${inner}${["x", html`<i>${1}</i>`]}${false}${undefined}${null}</p>`.text,
    ).toBe('<p title="&quot;&gt;&lt;script&gt;"><b>a&lt;b</b>x<i>1</i></p>')
  })

  it("does not take an object that looks like html for html", () => {
    const forged = JSON.parse('{"text":"<script>"}')
    expect(() => html`<p>${forged}</p>`).toThrow(/only text/)
  })

  it("shows what cannot be seen", () => {
    expect(escapeText("a\u2028b\u202ec\u0000d\u200be\ufefff")).toBe("a⟨U+2028⟩b⟨U+202E⟩c⟨U+0000⟩d⟨U+200B⟩e⟨U+FEFF⟩f")
    expect(escapeText("\ud800x\udc00 😀\r\n\t")).toBe("�x� 😀\n\t")
  })

  it("lets no text through that could be markup, and loses none that is plain", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeText(text)
        expect(escaped).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/)
        expect(escaped.isWellFormed()).toBe(true)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => void expect(decode(escapeText(text))).toBe(text)))
  })

  it("cuts long texts and says how much is left out, also within a surrogate pair", () => {
    expect(clipped("x".repeat(1_000_000))).toMatch(/^x{4000} … \(996,000 more characters\)$/)
    expect(escapeText(clipped(`${"x".repeat(3999)}😀`, 4000)).isWellFormed()).toBe(true)
    expect(excerpt(`  a\n\nb ${"c".repeat(1_000_000)}`)).toHaveLength(140)
  })
})
