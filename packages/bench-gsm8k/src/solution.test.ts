import fc from "fast-check"
import { expect, test } from "vitest"
import { notesOf } from "./record.ts"
import { plainSolution, writtenSolution } from "./solution.ts"

const solution = [
  "Natalia sold 48/2 = <<48/2=24>>24 clips in May.",
  "She earned $2 x 24 = $<<2*24=48>>48.00, which is (a lot)!",
  "#### 48",
].join("\n")

test("what stands between the notes of a solution is thought there, without the terms that a calculator shows", () => {
  expect(writtenSolution(solution)).toEqual({
    notes: [
      { query: "48/2", value: "24", thought: "Natalia sold " },
      { query: "2*24", value: "48", thought: " clips in May.\nShe earned " },
    ],
    conclusion: ", which is (a lot)!\n",
  })
})

test("without a calculator it is told whole, without notes and without its last line", () => {
  expect(plainSolution(solution)).toBe(
    "Natalia sold 48/2 = 24 clips in May.\nShe earned $2 x 24 = $48.00, which is (a lot)!\n",
  )
})

test("a calculation that stands alone has no thought before it, and nothing after it is concluded", () => {
  expect(writtenSolution("3*4=<<3*4=12>>12\n#### 12")).toEqual({
    notes: [{ query: "3*4", value: "12", thought: "" }],
    conclusion: "",
  })
  expect(writtenSolution("#### 5")).toEqual({ notes: [], conclusion: "" })
})

test("notes in and behind the last line are notes, too", () => {
  expect(writtenSolution("#### 7<<1+1=2>><<2+2=4>>").notes.map(({ query }) => query)).toEqual(["1+1", "2+2"])
})

test("whatever a solution says, it has the notes that others read from it, and no note stands in a thought", () => {
  const piece = fc.constantFrom("<<1+1=2>>", "<<=", ">>", "2", "$3.50", " of ", "x", "\n", "<<a=>>", "#### 7", "=", "(")
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join("")
      const { notes, conclusion } = writtenSolution(text)
      expect(notes.map(({ query, value }) => ({ query, value }))).toEqual(notesOf(text))
      for (const thought of [...notes.map((note) => note.thought), conclusion])
        expect(thought).not.toMatch(/<<[^<>]*=[^<>=]+>>/)
    }),
  )
})
