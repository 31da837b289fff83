import { sandboxTask } from "@swirl-ts/bench-sandbox"
import { demonstrate, impatientMixture } from "@swirl-ts/bench-sandbox/demonstration"
import { random } from "@swirl-ts/core"
import { createTokenizer } from "@swirl-ts/transformer"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { conversationText } from "../scripts/demonstration-sequence.ts"
import { createEnvironment } from "../scripts/environment.ts"
import { encode, tokenizerConfig, tokenizerJson } from "../scripts/nano-tokenizer.ts"
import { vocabulary } from "../scripts/vocabulary.ts"

const tokenizer = createTokenizer({ tokenizer: tokenizerJson, config: tokenizerConfig })
const unknown = tokenizer.tokenToId("<unk>")!

describe("the tokenizer", () => {
  it("keeps every sandbox conversation as it is, without an unknown word", async () => {
    const respond = await createEnvironment()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("calc" as const, "lookup" as const, "mixed" as const),
        fc.nat(1_000_000),
        async (domain, index) => {
          const text = conversationText(
            await demonstrate(sandboxTask(domain, "demonstration", index), random(index), impatientMixture, respond),
          )
          const ids = tokenizer.encode(text)
          expect(tokenizer.decode(ids)).toBe(text)
          expect(ids).not.toContain(unknown)
          expect(encode(text)).toEqual(ids)
        },
      ),
      { numRuns: 300 },
    )
  })

  it("gives back any sequence of its words that text can be cut into again", () => {
    const words = vocabulary.filter((token) => token.startsWith(" ") || /^\d$/.test(token))
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1 }), (tokens) => {
        const text = tokens.join("")
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
  })

  it("reads any text, with <unk> for what it does not know", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(encode(text)).toEqual(tokenizer.encode(text))
      }),
    )
  })

  it("writes a conversation so that a longer one begins with the shorter one", () => {
    const render = tokenizer.applyChatTemplate!
    const turns = [
      { role: "user", content: "use calculator . mira has 5 apples ." },
      { role: "assistant", content: " next <math_exp> 5 + 3 </math_exp>" },
      { role: "user", content: "5 + 3 -> 8" },
    ]
    const first = render(turns.slice(0, 1), { addGenerationPrompt: true })
    expect(first).toBe("<user> use calculator . mira has 5 apples .<end><model>")
    const all = render(turns, { addGenerationPrompt: true })
    expect(all).toBe(`${first} next <math_exp> 5 + 3 </math_exp><end><user> 5 + 3 -> 8<end><model>`)
    expect(tokenizer.endOfTurnTokenIds).toEqual([tokenizer.tokenToId("<end>")])
  })

  it("splits numbers into digits", () => {
    expect(tokenizer.encode(" 42 -> -2.5").map((id) => tokenizer.idToToken(id))).toEqual([
      " 4",
      "2",
      " ->",
      " -",
      "2",
      ".",
      "5",
    ])
  })
})
