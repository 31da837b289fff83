import fc from "fast-check"
import { expect, test } from "vitest"
import { ResponseSchema } from "../records/records.ts"
import { type GenerateResult, readGeneration } from "./model.ts"

const text = { type: "text", text: "<answer>1</answer>" }
const turn = { content: [text], finishReason: "stop", usage: { inputTokens: 1, outputTokens: 2 } }
const itself: { value?: unknown } = {}
itself.value = itself
const call = (input: unknown) => ({ type: "tool-call", toolCallId: "1", toolName: "sum", input })
const swirl = { promptTokenIds: [1], tokenIds: [2], logProbabilities: [-0.5], finishReason: "stop" }
const tokens = (fields: object) => ({ ...turn, providerMetadata: { swirl: { ...swirl, ...fields } } })
const read = (result: unknown) => readGeneration(result as GenerateResult, { provider: "lab", modelId: "m-1" })

test.each([
  ["nothing in place of a turn: ", undefined],
  ['the text "hi" in place of a turn: ', "hi"],
  ["a list in place of a turn: ", []],
  ['"content" is missing', { ...turn, content: undefined }],
  ['"content" cannot be used: it should be a list, but is the text "<answer>1', { ...turn, content: text.text }],
  ['"content.0" cannot be used: it should be an object, but is the text "<answer>1', { ...turn, content: [text.text] }],
  ['"content.1" cannot be used: it should be an object, but is null', { ...turn, content: [text, null] }],
  ['"content.0.text" cannot be used: it should be a text, but is the number 5', content({ type: "text", text: 5 })],
  ['"content.0.text" cannot be used: it should be a text, but is missing', content({ type: "reasoning" })],
  ['none of its parts has a type that is read (text, reasoning, tool-call), only "txt"', content({ type: "txt" })],
  ['"content.0.input" cannot be used: it should be JSON', content(call(undefined))],
  ['"content.0.input" cannot be used: it should be JSON', content(call(itself))],
  ['"content.0.toolName" cannot be used', content({ ...call("{}"), toolName: 1 })],
  ['"content.0.providerMetadata" cannot be used', content({ ...text, providerMetadata: "x" })],
  ["it cannot be written as JSON", content({ ...text, providerMetadata: { lab: { n: 1n } } })],
  ['"finishReason" is missing', { ...turn, finishReason: undefined }],
  ['"finishReason" cannot be used: it should be a text such as "stop"', { ...turn, finishReason: { unified: 1 } }],
  ['"providerMetadata.swirl.tokenIds" cannot be used: it should be a list', tokens({ tokenIds: "x" })],
  ["logProbabilities.0", tokens({ logProbabilities: [Number.NaN] })],
])("%s is said of the model by its name", (said, result) => {
  expect(() => read(result)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^The model m-1 of the provider lab gave .*\.$/),
    }),
  )
  expect(() => read(result)).toThrow(said)
})

function content(part: object) {
  return { ...turn, content: [part] }
}

test("parts that nobody reads are left out beside others, and a turn may be empty", () => {
  const others = [{ type: "source" }, { type: "file", data: "" }, { type: "constructor" }]
  expect(read({ ...turn, content: [...others, text] })).toEqual(read(turn))
  expect(read({ ...turn, content: [] }).text).toBe("")
})

test.each([
  [undefined],
  [null],
  [{}],
  [{ inputTokens: Number.NaN, outputTokens: -5 }],
  [{ inputTokens: { total: Number.POSITIVE_INFINITY }, outputTokens: { total: "7" } }],
])("the usage %j counts nothing, and costs no turn", (usage) => {
  expect(read({ ...turn, usage })).toMatchObject({
    text: "<answer>1</answer>",
    usage: { inputTokens: 0, outputTokens: 0 },
  })
})

test("a list of wrong token ids is told by its first ones", () => {
  const tokenIds = Array.from({ length: 5000 }, () => "x")
  expect(() => read(tokens({ tokenIds }))).toThrow(/^.{1,400}$/)
})

test("whatever a model gives is a turn that the records can hold, or is refused by the model's name", () => {
  const part = fc.record(
    {
      type: fc.oneof(fc.constantFrom("text", "reasoning", "tool-call", "file"), fc.anything()),
      text: fc.oneof(fc.string(), fc.anything()),
      toolCallId: fc.oneof(fc.string(), fc.anything()),
      toolName: fc.oneof(fc.string(), fc.anything()),
      input: fc.anything(),
      providerMetadata: fc.oneof(fc.constant({ lab: { id: 1 } }), fc.anything({ withBigInt: true })),
    },
    { requiredKeys: ["type"] },
  )
  const result = fc.record({
    content: fc.oneof(fc.array(part), fc.anything()),
    finishReason: fc.oneof(fc.constant("stop"), fc.anything()),
    usage: fc.anything({ withBigInt: true }),
    providerMetadata: fc.oneof(
      fc.constant(undefined),
      fc.record({ swirl: fc.oneof(fc.constant(swirl), fc.anything()) }),
      fc.anything(),
    ),
  })
  const written = (generation: unknown): unknown =>
    JSON.parse(JSON.stringify({ schema: "swirl.response/1", id: "r", trajectoryId: "t", step: 0, generation }))
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: result }, fc.anything()), (given) => {
      let generation: unknown
      try {
        generation = read(given)
      } catch (error) {
        expect((error as Error).message).toMatch(/^The model m-1 of the provider lab gave /)
        return
      }
      expect(ResponseSchema.safeParse(written(generation)).success).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
