import { describe, expect, it } from "vitest"
import { demonstrationSequence } from "../scripts/demonstration-sequence.ts"
import { readTurn } from "../scripts/development.ts"
import { decode, encode } from "../scripts/nano-tokenizer.ts"

describe("a turn", () => {
  it("is one call or one answer after a thought", () => {
    expect(readTurn(" next <math_exp> 5 + 3 </math_exp>", true)).toMatchObject({ tool: "calculator", query: "5 + 3" })
    expect(readTurn(" next <search_query> mira born </search_query>", true)).toMatchObject({ query: "mira born" })
    expect(readTurn(" so <answer> 8 </answer>", true)).toEqual({ kind: "answer", answer: "8" })
  })

  it("is malformed when it is anything else", () => {
    for (const text of [
      " next <math_exp> 5 + 3",
      " next 5 + 3",
      " next <math_exp> 5 + 3 </answer>",
      " next <math_exp> 5 + 3 </math_exp> <answer> 8 </answer>",
      " next <math_exp> </math_exp>",
      "",
    ]) {
      expect(readTurn(text, true).kind).toBe("malformed")
    }
    expect(readTurn(" so <answer> 8 </answer>", false).kind).toBe("malformed")
  })
})

describe("a demonstration", () => {
  it("learns the model's turns fully, the environment's a little, the prompt not at all", () => {
    const demonstration = {
      task: {} as never,
      prompt: "use calculator .",
      steps: [
        { turn: " next <math_exp> 5 + 3 </math_exp>", action: {} as never, reply: "5 + 3 -> 8" },
        { turn: " so <answer> 8 </answer>", action: {} as never },
      ],
    }
    const { tokenIds, coefficients } = demonstrationSequence(demonstration, 320)
    const text = (coefficient: number) => decode(tokenIds.filter((_, index) => coefficients[index] === coefficient))
    expect(text(1)).toBe(" next <math_exp> 5 + 3 </math_exp> so <answer> 8 </answer>")
    expect(text(0)).toBe(" use calculator .")
    expect(text(0.15)).toBe(" 5 + 3 -> 8")
    const ends = tokenIds
      .map((id, index) => [id, coefficients[index]] as const)
      .filter(([id]) => id === encode("<end>")[0])
    expect(ends.map(([, coefficient]) => coefficient)).toEqual([0, 1, 0.15, 1])
    expect(demonstrationSequence(demonstration, 10).tokenIds).toHaveLength(10)
  })
})
