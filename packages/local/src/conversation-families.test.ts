/**
 * Conversations of several families of templates, as they are generated and as a training reads their states: names of control
 * tokens in what people and tools wrote are text, and a turn that was cut off is ended once, in every later state.
 */
import { readFileSync } from "node:fs"
import { assistantMessage, systemMessage, userMessage } from "@swirl-ts/core"
import { createTokenizer } from "@swirl-ts/transformer"
import { describe, expect, it } from "vitest"
import { policyText } from "./policy.ts"

interface Family {
  template: string
  /** The one that ends a turn first. */
  names: string[]
  special?: boolean
  begin?: string
  /** Its template has no place for these. */
  without?: "system"
}

const opening = (text: string): string => `{% if add_generation_prompt %}${text}{% endif %}`
const chatMl = (content: string): string =>
  `{% for m in messages %}<|im_start|>{{ m.role }}\n${content}<|im_end|>\n{% endfor %}${opening("<|im_start|>assistant\n")}`

const families: Record<string, Family> = {
  "Qwen 2": { template: chatMl("{{ m.content }}"), names: ["<|im_end|>", "<|im_start|>", "<|endoftext|>"] },
  "Qwen 3": {
    template: chatMl("{{ m.content.split('</think>')[-1].lstrip('\\n') if m.role == 'assistant' else m.content }}"),
    names: ["<|im_end|>", "<|im_start|>", "<|endoftext|>"],
  },
  "ChatML on ordinary added tokens": {
    template: chatMl("{{ m.content }}"),
    names: ["<|im_end|>", "<|im_start|>"],
    special: false,
  },
  "Llama 3": {
    template: `{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content | trim }}<|eot_id|>{% endfor %}${opening("<|start_header_id|>assistant<|end_header_id|>\n\n")}`,
    names: ["<|eot_id|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>"],
    begin: "<|begin_of_text|>",
  },
  Gemma: {
    template: `{{ bos_token }}{% for m in messages %}<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end_of_turn>\n{% endfor %}${opening("<start_of_turn>model\n")}`,
    names: ["<end_of_turn>", "<start_of_turn>", "<bos>", "<eos>"],
    begin: "<bos>",
    without: "system",
  },
  Mistral: {
    template:
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'assistant' %} {{ m.content }}</s>{% else %}[INST] {{ m.content }}[/INST]{% endif %}{% endfor %}",
    names: ["</s>", "<s>", "[INST]", "[/INST]"],
    begin: "<s>",
  },
}

const bytes = JSON.parse(
  readFileSync(new URL("../../../fixtures/transformer/tokenizers/bpe.json", import.meta.url), "utf8"),
)

function textOf({ template, names, special = true, begin }: Family) {
  const added_tokens = names.map((content) => ({ content, special, normalized: false }))
  // Its own names make place, so that each family has the same letters.
  const tokens = Object.keys(bytes.model.vocab).map((token) => (/^<\|im_/.test(token) ? `unused ${token}` : token))
  const vocab = Object.fromEntries(tokens.map((token) => [token, bytes.model.vocab[token.replace("unused ", "")]]))
  const tokenizer = createTokenizer({
    tokenizer: { ...bytes, added_tokens, model: { ...bytes.model, vocab } },
    config: { bos_token: begin, eos_token: special ? names[0] : undefined },
    template,
  })
  return { tokenizer, ...policyText(tokenizer) }
}

/** The names of all families, and what looks like one. */
const hostile = `${[...new Set(Object.values(families).flatMap(({ names }) => names))].join(" x")}[INST] <<SYS>> <|im_end`

describe.each(Object.entries(families))("%s", (_name, family) => {
  const { tokenizer, conversation, codec } = textOf(family)
  const controls = new Set(family.names.map((name) => tokenizer.tokenToId(name)!))
  const isControl = (id: number): boolean => controls.has(id)
  const end = [tokenizer.tokenToId(family.names[0]!)!]
  const ended = [...codec.encode("said"), ...end]
  /** Prompt, examples, titles and question; then the state of the next turn. */
  const states = (text: string) => {
    const prompt = [
      ...(family.without === "system" ? [] : [systemMessage(`Rules ${text}.`)]),
      userMessage(`example ${text}?`),
      assistantMessage(`answer ${text}.`),
      userMessage(`q ${text}`),
    ]
    const first = conversation.start(prompt)
    const second = [...first, ...ended, ...conversation.continue([userMessage(`Title ${text}: page`)], "stop", ended)]
    return [first, second]
  }

  it("has the control tokens of its template alone, whatever stands in its texts", () => {
    const [plain, broken] = [states("words"), states(hostile)]
    plain.forEach((ids, state) => {
      expect(broken[state]!.filter(isControl)).toEqual(ids.filter(isControl))
      const written = tokenizer.decode(broken[state]!.filter((id) => !isControl(id)))
      expect(written).toBe(tokenizer.decode(ids.filter((id) => !isControl(id))).replaceAll("words", hostile))
    })
  })

  it("ends every turn once, whether the model did, a stop string or the limit, also two in a row", () => {
    const turns = ["one", "two", "three"].map((text) => userMessage(text))
    const said = ["a <b>1</b>", "then", "last"]
    for (const ends of [
      [[], [], []],
      [[], end, []],
      [end, [], []],
      [end, end, end],
      [[], [], end],
    ]) {
      let ids = conversation.start([userMessage("q")])
      const messages = [{ role: "user", content: "q" }]
      said.forEach((text, index) => {
        const sampled = [...tokenizer.encode(text, { namesAreText: true }), ...ends[index]!]
        const reason = index % 2 === 0 ? "length" : "stop"
        ids = [...ids, ...sampled, ...conversation.continue([turns[index]!], reason, sampled)]
        messages.push({ role: "assistant", content: text }, { role: "user", content: ["one", "two", "three"][index]! })
        const whole = tokenizer.applyChatTemplate!(messages, { addGenerationPrompt: true })
        const opened = family === families.Mistral ? whole.replaceAll("[/INST] ", "[/INST]") : whole
        expect(tokenizer.decode(ids)).toBe(opened)
      })
    }
  })

  it("writes a result into the model's own turn, opens none, and takes no name in it for a control", () => {
    const prompt = [userMessage("q"), assistantMessage("2 * 3"), assistantMessage(" -> 6.0"), assistantMessage(" pens")]
    const joined = [userMessage("q"), assistantMessage("2 * 3 -> 6.0 pens")]
    expect(conversation.start(prompt, { opensTurn: false })).toEqual(conversation.start(joined, { opensTurn: false }))
    const said = tokenizer.encode("2 * 3", { namesAreText: true })
    const result = conversation.continue([assistantMessage(` -> ${hostile}`)], "stop", said)
    expect(result.filter(isControl)).toEqual([])
    expect(tokenizer.decode([...said, ...result])).toBe(`2 * 3 -> ${hostile}`)
  })

  it("leaves the ends of turns out of what was said", () => {
    expect(codec.decode(ended)).toBe("said")
    expect(codec.isEndOfTurn(end[0]!)).toBe(true)
  })
})

it("a name that is text does not begin the text anew where the first one gets a blank", () => {
  const marks = ["<s>", "</s>"]
  const letters = [..."▁abcdeqx<>s/[]ITNS", "<unk>"]
  const vocab = Object.fromEntries([...marks, ...letters].map((token, id) => [token, id]))
  const tokenizer = createTokenizer({
    tokenizer: {
      added_tokens: marks.map((content, id) => ({
        id,
        content,
        special: true,
        normalized: false,
        rstrip: content === "<s>",
      })),
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false },
      decoder: { type: "Fuse" },
      model: { type: "BPE", vocab, merges: [], unk_token: "<unk>" },
    },
    template: "{% for m in messages %}<s> {{ m.content }}</s>{% endfor %}",
  })
  const { conversation } = policyText(tokenizer)
  const written = (text: string) => tokenizer.decode(conversation.start([userMessage(text), userMessage("e")]))
  expect(written("ab cd")).toBe("<s>ab▁cd</s><s>e</s>")
  expect(written("ab </s>cd")).toBe("<s>ab▁</s>cd</s><s>e</s>")
})
