import { expect, test } from "vitest"
import {
  assistantMessage,
  type Benchmark,
  firstPrompt,
  instructions,
  messageText,
  type PromptContext,
  parsePromptTemplate,
  promptWithExamples,
  systemMessage,
  userMessage,
} from "../index.ts"

const context = {
  format: {
    describe: () => "how to act",
    write: (action: { answer: string }) => ({ text: action.answer, toolCalls: [] }),
    turn: ({ text }: { text: string }) => assistantMessage(text),
  },
  tools: [],
  limits: { toolCalls: 7 },
} as unknown as PromptContext
const task = { id: "a", question: "who?" }
const examples = ["one?", "two?"].map((question) => ({ question, calls: [], answer: "yes" }))
const turns = (text: string, prompt: Benchmark["prompt"]): string[] =>
  firstPrompt({ fullName: "mine/quiz", value: { prompt } as Benchmark }, task, {
    ...context,
    template: parsePromptTemplate(text, "mine.txt"),
  }).map((message) => `${message.role}: ${messageText(message)}`)

test("a benchmark that uses the default wording keeps its hint and its worked examples", () => {
  expect(
    turns(
      "[system]\nBe brief: {{answer_hint}}\n[user]\n{{answer_hint}} {{tools}}\nQ: {{question}}",
      ({ question }, within) => promptWithExamples(question, "A name.", within, examples),
    ),
  ).toEqual([
    "system: Be brief: A name.",
    "user: A name. how to act\nQ: one?",
    "assistant: yes",
    "user: Q: two?",
    "assistant: yes",
    "user: Q: who?",
  ])
})

test("{{prompt}} is the default wording, of each question that stands in it", () => {
  const prompt: Benchmark["prompt"] = ({ question }, within) =>
    promptWithExamples(question, "A name.", within, examples.slice(0, 1))
  expect(turns("Think.\n{{prompt}}", prompt)).toEqual([
    `user: Think.\n${instructions("one?", "A name.", context)}`,
    "assistant: yes",
    "user: Question: who?",
  ])
})

test("of a benchmark with words of its own the last question is replaced, and nothing else", () => {
  const own: Benchmark["prompt"] = ({ question }) => [
    systemMessage("You are a guide."),
    userMessage("one?"),
    assistantMessage("yes"),
    userMessage(`Passage. ${question}`),
  ]
  const before = ["user: one?", "assistant: yes"]
  expect(turns("{{answer_hint}}Q: {{question}}", own)).toEqual(["system: You are a guide.", ...before, "user: Q: who?"])
  expect(turns("Look: {{prompt}}", own).at(-1)).toBe("user: Look: Passage. who?")
  expect(turns("[system]\nBe brief.\n[user]\n{{question}}", own)[0]).toBe("system: Be brief.")
  expect(turns("[system]\n[user]\n{{question}}", own)).toEqual([...before, "user: who?"])
})
