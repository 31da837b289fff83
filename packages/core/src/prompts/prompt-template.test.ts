import fc from "fast-check"
import { expect, test } from "vitest"
import type { PromptContext } from "../index.ts"
import { parsePromptTemplate, promptPlaceholders, templateText } from "./prompt-template.ts"

const context = {
  format: {
    describe: () => "how to act",
    write: (action: { kind: string }) => ({ text: `<${action.kind}/>`, toolCalls: [] }),
  },
  tools: ["calculator", "search"].map((name) => ({ name, tag: { name, argument: "x" }, inputSchema: {} })),
  limits: { toolCalls: 7 },
} as unknown as PromptContext
const asked = { question: "how many?", answerHint: "One number.", prompt: () => "the usual" }
const parse = (text: string) => parsePromptTemplate(text, "mine.txt")
const textOf = (text: string, worded = asked): string => templateText(parse(text).user, worded, context)

test("every placeholder has a value of its own", () => {
  const text = Object.keys(promptPlaceholders)
    .map((name) => `{{ ${name} }}`)
    .join("|")
  expect(textOf(text)).toBe(
    "how many?|One number.|how to act|calculator, search|<tool/> or <tool/>|<answer/>|7|the usual",
  )
})

test("what is put in is never read as a template, and other braces stay", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("{{tools}}", "{{x}}", "$&", "\\{{"), (text, trap) => {
      const question = text + trap
      expect(textOf("<{{question}}|{x}|}}>", { ...asked, question })).toBe(`<${question}|{x}|}}>`)
    }),
  )
  expect(textOf("\\{{question}} is {{question}}")).toBe("{{question}} is how many?")
})

test("whatever text a template is, it is read or refused in a sentence with its name", () => {
  const piece = fc.constantFrom(
    "{{question}}",
    "{{",
    "}}",
    "\\{{",
    "[user]\n",
    "[system]\n",
    "\n",
    "a ",
    "{{x}}",
    "\r\n",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        textOf(pieces.join(""))
      } catch (error) {
        expect(error).toMatchObject({ kind: "usage", message: expect.stringContaining("The prompt template mine.txt") })
      }
    }),
  )
})

test("without a heading all of it is the user's turn; with headings each part is its own, without blank lines around it", () => {
  expect(parse("Hi.\n\n{{question}}\n\n")).toMatchObject({ system: undefined, user: ["Hi.", "\n", "\n", {}] })
  const { system, user } = parse("\n[system]\n\nBe brief.\n\n[user]\n\nQ: {{question}}\n")
  expect([system, user]).toEqual([["Be brief."], ["Q: ", { placeholder: "question" }]])
  expect(parse("[system]\n[user]\n{{question}}").system).toEqual([])
})

test("later questions are asked by the line that holds the question", () => {
  expect(parse("Use {{tools}}\nQ: {{question}} A:\nGo.").questionLine).toEqual([
    "Q: ",
    { placeholder: "question" },
    " A:",
  ])
  expect(parse("{{prompt}}").questionLine).toBeUndefined()
})

test("line ends and the file's name are no part of a wording; every other change is", () => {
  const { digest } = parse("a\n{{question}}\n")
  expect(parsePromptTemplate("a\r\n{{question}}", "other.txt").digest).toBe(digest)
  expect(parse("b\n{{question}}").digest).not.toBe(digest)
})

test.each([
  [
    "a\n\n{{qestion}}",
    /mine\.txt, line 3: there is no placeholder \{\{qestion\}\}\. Did you mean "question"\? There is \{\{question\}\}, .*\\\{\{/,
  ],
  [
    "[system]\nx\n[user]\n\n{{question}}\n{{toolz}}",
    /line 6: there is no placeholder \{\{toolz\}\}\. Did you mean "tools"/,
  ],
  ["a {{question", /line 1: a placeholder is opened by \{\{ and not closed/],
  ["a\nb", /mine\.txt has no placeholder \{\{question\}\}: lines 1 to 2 do not hold it/],
  ["[system]\n{{question}}\n[user]\nb", /has no placeholder \{\{question\}\}: lines 4 to 4/],
  ["[system]\n{{question}}", /has no part \[user\]/],
  ["hello\n[user]\n{{question}}", /line 1: text stands before \[user\]/],
  ["[user]\n{{question}}\n[assistant]\nx", /line 3: .* no \[assistant\]\. Worked examples become turns by --shots/],
  ["[user]\n{{question}}\n[user]\nx", /line 3: there are two parts \[user\]/],
  [" \n", /mine\.txt is empty/],
])("%j is refused", (text, problem) => {
  expect(() => parse(text)).toThrow(problem)
})
