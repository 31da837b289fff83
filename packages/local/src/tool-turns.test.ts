/**
 * The model's own tool format in templates of several families (scripts/make-template-fixtures.py): our conversations are, id by
 * id, what transformers writes, and what a model writes is read as it was meant.
 */
import { readFileSync } from "node:fs"
import {
  type Action,
  type ConversationTokens,
  type FunctionTool,
  type Message,
  type NamedTool,
  offeringTools,
  type Prompt,
  readTurn,
  userMessage,
} from "@swirl-ts/core"
import { native } from "@swirl-ts/runner"
import { createTokenizer } from "@swirl-ts/transformer"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { policyText } from "./policy.ts"

const fixtures = new URL("../../../fixtures/transformer/", import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, fixtures), "utf8")

interface ChatCall {
  id: string
  function: { name: string; arguments: unknown }
}
interface ChatTurn {
  role: "user" | "assistant" | "tool"
  content: string
  tool_calls?: ChatCall[]
  tool_call_id?: string
  name?: string
}
interface Case {
  template: string
  conversation: string
  turns: number
  rendered?: string
}

const { conversations, cases, ...given } = JSON.parse(read("tool-templates/turns.json")) as {
  conversations: Record<string, ChatTurn[]>
  tools: { function: { name: string; description: string; parameters: object } }[]
  cases: Case[]
}
const tools: NamedTool[] = given.tools.map(({ function: { name, description, parameters } }) => ({
  name,
  description,
  inputSchema: parameters,
  tag: { name },
}))
const offered: FunctionTool[] = native.requestTools(tools)

const names = [
  ...["<|im_end|>", "<|eot_id|>", "<|end|>", "</s>", "<s>", "<|im_start|>", "<|start_header_id|>", "<|end_header_id|>"],
  ...["[INST]", "[/INST]", "<|system|>", "<|user|>", "<|assistant|>"],
]
/** As their tokenizers have them: some special, some not. */
const marks = ["[TOOL_CALLS]", "[TOOL_RESULTS]", "[AVAILABLE_TOOLS]", "<tool_call>", "</tool_call>", "<|tool_call|>"]
const bytes = JSON.parse(read("tokenizers/bpe.json"))
const taken = new Set([...names, ...marks])
const vocab = Object.fromEntries(
  Object.entries(bytes.model.vocab as Record<string, number>).map(([token, id]) => [
    taken.has(token) ? `unused ${token}` : token,
    id,
  ]),
)

function textOf(template: string) {
  const added = [...names, ...marks].map((content) => ({
    content,
    special: !content.includes("tool_call"),
    normalized: false,
  }))
  const tokenizer = createTokenizer({
    tokenizer: { ...bytes, added_tokens: added, model: { ...bytes.model, vocab } },
    config: { bos_token: "<s>", eos_token: "</s>" },
    template: read(`tool-templates/${template}`),
  })
  return { tokenizer, ...policyText(tokenizer) }
}

const messageOf = ({ role, content, tool_calls = [], tool_call_id = "", name = "" }: ChatTurn): Message => {
  if (role === "user") return userMessage(content)
  if (role === "tool") {
    const output = { type: "text" as const, value: content }
    return { role, content: [{ type: "tool-result", toolCallId: tool_call_id, toolName: name, output }] }
  }
  const toolCalls = tool_calls.map(({ id, function: called }) => ({
    toolCallId: id,
    toolName: called.name,
    input: JSON.stringify(called.arguments),
  }))
  return native.turn({ text: content, toolCalls })
}

describe.each(["tagged.jinja", "bare.jinja", "listed.jinja", "told.jinja", "of-system.jinja"])("%s", (template) => {
  const { tokenizer, conversation, codec } = textOf(template)
  const calling = offeringTools(conversation, offered)
  const own = cases.filter((each) => each.template === template && each.rendered !== undefined)

  it.each(own)("writes the first $turns turns of $conversation as transformers does", (each) => {
    const prompt = conversations[each.conversation]!.slice(0, each.turns).map(messageOf)
    expect(calling.spell!(calling.start(prompt))).toBe(each.rendered)
    expect(calling.start(prompt)).toEqual(tokenizer.encode(each.rendered!))
  })

  it.each(own.filter(({ turns }) => turns > 1))("goes on to turn $turns of $conversation with the same ids", (each) => {
    const messages = conversations[each.conversation]!
    const before = own
      .filter(({ conversation: name, turns }) => name === each.conversation && turns < each.turns)
      .at(-1)!
    // The model's own turn is what stands there between the two.
    const sampled = ownTurn(before.rendered!, each.rendered!)
    const turns = messages.slice(before.turns + 1, each.turns).map(messageOf)
    const whole = tokenizer.encode(each.rendered!)
    for (const ends of [true, false]) {
      const ids = ends ? sampled : sampled.slice(0, -1)
      expect([
        ...calling.start(messages.slice(0, before.turns).map(messageOf)),
        ...ids,
        ...calling.continue(turns, "stop", ids),
      ]).toEqual(whole)
    }
    // And it is what a policy is taught of a turn that it did not sample.
    const said = messageOf(messages[before.turns]!)
    const prompt = messages.slice(0, before.turns).map(messageOf)
    expect(calling.taught!(prompt, said)).toEqual(sampled)
    expect(calling.taught!(prompt, said, { isCut: true })).toEqual(sampled.slice(0, -1))
    const { toolCalls, callProblem } = readTurn(calling, sampled)
    expect(callProblem).toBeUndefined()
    expect(toolCalls.map(({ toolName, input }) => ({ name: toolName, arguments: JSON.parse(input) }))).toEqual(
      messages[before.turns]!.tool_calls!.map(({ function: called }) => called),
    )
  })

  /** Ids of the model's turn, its end included. */
  function ownTurn(before: string, after: string): number[] {
    const ids = tokenizer.encode(after).slice(tokenizer.encode(before).length)
    return ids.slice(0, ids.findIndex((id) => codec.isEndOfTurn(id)) + 1)
  }

  const hostile = fc.constantFrom(...names, ...marks, "</tool_call>", '"}]', "\\", "\n", "{", "[", "é", "世")
  const texts = fc.array(fc.oneof(fc.string(), hostile), { maxLength: 4 }).map((parts) => parts.join(""))
  const inputs = fc.dictionary(fc.constantFrom("query", "terms", "x"), fc.oneof(texts, fc.jsonValue({ maxDepth: 2 })))

  it("a written call is read back from the ids that the template writes of it, whatever stands in it", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom("add", "search"), (given, tool) => {
        const input = JSON.parse(JSON.stringify(given)) as Record<string, unknown>
        const written = native.write({ kind: "tool", tool, input, query: "" }, tools)
        const asked = calling.start([userMessage("q")])
        const all = calling.start([userMessage("q"), native.turn(written)], { opensTurn: false })
        const sampled = all.slice(common(asked, all))
        const turn = sampled.slice(0, sampled.findIndex((id) => codec.isEndOfTurn(id)) + 1)
        const action = native.parse({ ...readTurn(calling, turn), finishReason: "stop" }, tools)
        expect(action).toMatchObject({ kind: "tool", tool, input })
      }),
      { numRuns: 60 },
    )
  })

  it("has the control tokens of its template alone, whatever stands in questions, results and descriptions", () => {
    const words = "ab"
    const count = (text: string): number[] => {
      const told = offered.map((tool) => ({ ...tool, description: text, inputSchema: { type: "object", title: text } }))
      const tokens = offeringTools(conversation, told)
      const result: Message = {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "a", toolName: "add", output: { type: "text", value: text } }],
      }
      const ids = [...tokens.start([userMessage(text)]), ...tokens.continue([result], "stop", [])]
      return ids.filter((id) => [...tokenizer.controlTokens.values()].includes(id))
    }
    expect(count([...names, ...marks].join(""))).toEqual(count(words))
  })

  it("reads text before a call, and half of one as no answer", () => {
    const call = callIds(calling)
    const said = readTurn(calling, [...tokenizer.encode("Let me see.\n"), ...call])
    expect(native.parse({ ...said, finishReason: "stop" }, tools)).toMatchObject({ kind: "tool", tool: "add" })
    expect(said.text).toBe("Let me see.")
    const half = call.slice(0, Math.ceil(call.length / 2))
    expect(native.parse({ ...readTurn(calling, half), finishReason: "stop" }, tools).kind).toBe("malformed")
  })

  function callIds(tokens: ConversationTokens): number[] {
    const action: Action = { kind: "tool", tool: "add", input: { terms: [1, 2] }, query: "" }
    const prompt: Prompt = [userMessage("q")]
    const all = tokens.start([...prompt, native.turn(native.write(action, tools))], { opensTurn: false })
    const turn = all.slice(common(tokens.start(prompt), all))
    return turn.slice(0, turn.findIndex((id) => codec.isEndOfTurn(id)) + 1)
  }
})

function common(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, index) => id !== b[index])
  return differs < 0 ? a.length : differs
}

it("a template without tools is refused in a sentence that says what would do", () => {
  const { conversation } = textOf("none.jinja")
  expect(() => offeringTools(conversation, offered)).toThrow(
    "The model's chat template takes no tools, so the model has no tool calls of its own. Use the action format tags.",
  )
})
