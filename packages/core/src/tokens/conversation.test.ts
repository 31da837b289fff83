import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assistantMessage, systemMessage, userMessage } from "../prompts/prompt.ts"
import type { ChatTemplate } from "./chat-template.ts"
import { cutAtStop, plainConversation, plainStops, templateConversation } from "./conversation.ts"
import type { TextCodec } from "./text-codec.ts"

// One id a character, except the two markers of ChatML.
const codec: TextCodec = {
  encode: (text) =>
    [...text.matchAll(/<open>|<end>|[\s\S]/g)].map(([piece]) =>
      piece === "<open>" ? 1 : piece === "<end>" ? 2 : piece.charCodeAt(0),
    ),
  decode: (ids) => ids.map((id) => (id <= 2 ? "" : String.fromCharCode(id))).join(""),
  isEndOfTurn: (id) => id === 2,
}
const chatMl: ChatTemplate = (messages) =>
  `${messages.map(({ role, content }) => `<open>${role}\n${content}<end>\n`).join("")}<open>assistant\n`
const plain = fc.string({ unit: fc.constantFrom(..."ab c\n") })

describe("templateConversation", () => {
  const conversation = templateConversation(codec, chatMl)

  it("gives, turn by turn, the ids that rendering the whole conversation gives", () => {
    fc.assert(
      fc.property(plain, plain, plain, (question, said, reply) => {
        const whole = codec.encode(
          chatMl([
            { role: "user", content: question },
            { role: "assistant", content: said },
            { role: "user", content: reply },
          ]),
        )
        const start = conversation.start([userMessage(question)])
        const turns = [userMessage(reply)]
        const ended = [...codec.encode(said), 2]
        expect([...start, ...ended, ...conversation.continue(turns, "stop", ended)]).toEqual(whole)
        // A limit or a stop string ended the turn.
        for (const how of ["length", "stop"] as const) {
          const cut = codec.encode(said)
          expect([...start, ...cut, ...conversation.continue(turns, how, cut)]).toEqual(whole)
        }
      }),
    )
  })

  it("keeps the model's turn end out of the way of a template that trims or adds a system turn", () => {
    const trimming: ChatTemplate = (messages) =>
      chatMl([{ role: "system", content: "Be good." }, ...messages.map((m) => ({ ...m, content: m.content.trim() }))])
    expect(codec.decode(templateConversation(codec, trimming).continue([userMessage(" x ")], "stop", [2]))).toBe(
      "\nuser\nx\nassistant\n",
    )
  })

  it("leaves nothing out where a template ends turns without an end-of-turn token", () => {
    const lines: ChatTemplate = (messages) => `${messages.map((m) => `${m.role}: ${m.content}\n`).join("")}assistant:`
    const { continue: next } = templateConversation(codec, lines)
    expect(codec.decode(next([userMessage("x")], "stop"))).toBe("\nuser: x\nassistant:")
  })

  it("says so where a template drops the model's own turn", () => {
    const dropping: ChatTemplate = (messages) => chatMl(messages.filter((m) => m.role !== "assistant"))
    expect(() => templateConversation(codec, dropping).continue([userMessage("x")], "stop")).toThrow(/chat template/)
  })
})

describe("a thought", () => {
  const said = (content: string) => content.replace(/^[\s\S]*<\/think>\n*/, "")
  /** As Qwen3 and DeepSeek R1 write conversations: thoughts of earlier turns are taken off. */
  const thinking =
    (opening: string): ChatTemplate =>
    (messages) =>
      chatMl(messages.map((m) => (m.role === "assistant" ? { ...m, content: said(m.content) } : m))) + opening
  const turns = [userMessage("next")]
  const reply = "<a>18</a>"

  it.each([
    ["that the model opened", "", "<think>hm</think>\n\n"],
    ["that the template opened", "<think>\n", "hm\n</think>\n\n"],
  ])("%s is shown to no later turn where the template takes it off", (_what, opening, thought) => {
    const { start, shown, continue: next } = templateConversation(codec, thinking(opening))
    const question = start([userMessage("q")])
    for (const end of [[2], []]) {
      const sampled = [...codec.encode(thought + reply), ...end]
      const { dropped, tokenIds } = shown!(sampled, turns)!
      expect(question.slice(question.length - dropped.length)).toEqual(dropped)
      const before = question.slice(0, question.length - dropped.length)
      expect([...before, ...tokenIds, ...next(turns, "stop", sampled)]).toEqual(
        start([userMessage("q"), assistantMessage(thought + reply), ...turns]),
      )
      // The ids of what was said are the sampled ones.
      expect(tokenIds).toEqual(sampled.slice(sampled.length - tokenIds.length))
    }
  })

  it("stays as it was sampled where the template leaves it, and where there is none", () => {
    const sampled = codec.encode(`<think>hm</think>${reply}`)
    expect(templateConversation(codec, chatMl).shown!(sampled, turns)).toBeUndefined()
    expect(templateConversation(codec, thinking("")).shown!(codec.encode(reply), turns)).toBeUndefined()
  })

  it("that shares an id with what was said is cut off all the same", () => {
    const pairs: TextCodec = {
      encode: (text) => [...text].map((letter) => letter.charCodeAt(0)),
      decode: (ids) => ids.map((id) => (id === 1 ? "\n<" : String.fromCharCode(id))).join(""),
      isEndOfTurn: () => false,
    }
    const sampled = [...pairs.encode("hm</think>"), 1, ...pairs.encode("a>18</a>")]
    expect(pairs.decode(templateConversation(pairs, thinking("")).shown!(sampled, turns)!.tokenIds)).toBe(reply)
  })
})

describe("plainConversation", () => {
  it("writes speakers and opens the model's turn", () => {
    const { start, continue: next, decode } = plainConversation(codec, [1])
    const first = start([systemMessage("Rules."), userMessage("a?"), assistantMessage("b"), userMessage("c?")])
    expect(first[0]).toBe(1)
    expect(decode(first)).toBe("Rules.\n\nUser: a?\nAssistant: b\nUser: c?\nAssistant:")
    expect(decode(next([userMessage("x -> 3")], "stop"))).toBe("\nUser: x -> 3\nAssistant:")
  })
})

describe("cutAtStop", () => {
  it("keeps a closing tag and cuts any other stop, whichever comes first", () => {
    expect(cutAtStop(" <search>a</search>\nUser", plainStops)).toBe(" <search>a</search>")
    expect(cutAtStop("I am done.\nUser: more <a></a>", plainStops)).toBe("I am done.")
    expect(cutAtStop("one END two", ["two", "END"])).toBe("one ")
    expect(cutAtStop("no end yet </sear", plainStops)).toBeUndefined()
    expect(cutAtStop("anything", [])).toBeUndefined()
  })
})

describe("names of control tokens in what was not sampled", () => {
  const names = ["<open>", "<end>"]
  const knowing: TextCodec = {
    ...codec,
    names: {
      within: (text) => names.filter((name) => text.includes(name)),
      encode: (text) => [...text].map((letter) => letter.charCodeAt(0)),
    },
  }
  const letters = (text: string): number[] => knowing.names!.encode(text)
  const hostile = fc.string({ unit: fc.constantFrom("<open>", "<end>", "<", "end>", "a", " ", "\n") })

  it("are text, in a first prompt, in later turns, and where a model knows no turns; the template's own stay control", () => {
    fc.assert(
      fc.property(hostile, hostile, (question, result) => {
        const chat = templateConversation(knowing, chatMl)
        const turn = (text: string): number[] => [1, ...letters(`user\n${text}`), 2, 10, 1, ...letters("assistant\n")]
        expect(chat.start([userMessage(question)])).toEqual(turn(question))
        expect(chat.continue([userMessage(result)], "stop", [65, 2])).toEqual([10, ...turn(result)])
        const { start, continue: next } = plainConversation(knowing)
        expect(start([userMessage(question)])).toEqual(letters(`User: ${question}\nAssistant:`))
        expect(next([userMessage(result)], "stop")).toEqual(letters(`\nUser: ${result}\nAssistant:`))
      }),
    )
  })

  it("are control where a codec does not know them apart", () => {
    expect(plainConversation(codec).start([userMessage("<end>")])).toContain(2)
  })
})
