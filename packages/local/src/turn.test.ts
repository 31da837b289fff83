import { plainStops, type TextCodec, type TokenRequest } from "@swirl-ts/core"
import { expect, it } from "vitest"
import type { DecodeLoop } from "./decode-loop.ts"
import { generateTurn } from "./turn.ts"

const codec: TextCodec = {
  encode: (text) => [...text].map((letter) => letter.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...ids.filter((id) => id > 0)),
  isEndOfTurn: (id) => id === 0,
}
/** A model that always says `text`, token by token as a decoder does; id 0 ends its turn. */
function scripted(text: string) {
  const ids = [...codec.encode(text), 0]
  const loop: Pick<DecodeLoop, "generate"> = {
    generate: async ({ maxTokens, isEnd }) => {
      const tokenIds: number[] = []
      let isEnded = false
      while (!isEnded && tokenIds.length < maxTokens) {
        tokenIds.push(ids[tokenIds.length]!)
        isEnded = tokenIds.at(-1) === 0 || isEnd?.(tokenIds) === true
      }
      return { tokenIds, logProbabilities: tokenIds.map((id) => -id), finishReason: isEnded ? "stop" : "length" }
    },
  }
  return { loop: loop as DecodeLoop }
}
const request: TokenRequest = {
  promptTokenIds: [1],
  maxTokens: 100,
  temperature: 1,
  topP: 1,
  topK: 0,
  seed: 0,
  stopSequences: [],
}

it("ends a base model's turn after the first closing tag", async () => {
  for (const before of ["", "x", "so I ", "and then I look it up: "]) {
    const { loop } = scripted(`${before}<search>cats</search> and more, much more`)
    const turn = await generateTurn(loop, codec, request, plainStops)
    expect(turn.text).toBe(`${before}<search>cats</search>`)
    expect(codec.decode(turn.tokenIds)).toBe(turn.text)
    expect(turn.logProbabilities).toEqual(turn.tokenIds.map((id) => -id))
    expect(turn.finishReason).toBe("stop")
  }
})

it("goes on to the model's own end where there is nothing to stop at", async () => {
  const { loop } = scripted("a long answer that nothing interrupts")
  expect(await generateTurn(loop, codec, request, [])).toMatchObject({
    finishReason: "stop",
    text: "a long answer that nothing interrupts",
  })
})

it("finds a stop of many tokens behind a text that is longer than what is looked at", async () => {
  const text = `${"x".repeat(500)}</a_tag_of_a_length>`
  expect(
    await generateTurn(scripted(`${text} more`).loop, codec, { ...request, maxTokens: 900 }, plainStops),
  ).toMatchObject({ finishReason: "stop", text })
})

it("keeps to the token limit and to the model's own end", async () => {
  const limited = await generateTurn(scripted("abcdefghijklmnop").loop, codec, { ...request, maxTokens: 11 }, ["#"])
  expect(limited).toMatchObject({ text: "abcdefghijk", finishReason: "length" })
  const ended = await generateTurn(scripted("abcdefghijklmnop").loop, codec, request, ["#"])
  expect(ended).toMatchObject({ text: "abcdefghijklmnop", finishReason: "stop" })
  expect(ended.tokenIds.at(-1)).toBe(0)
  expect(await generateTurn(scripted("a").loop, codec, { ...request, maxTokens: 0 }, [])).toMatchObject({
    text: "",
    finishReason: "length",
  })
})
