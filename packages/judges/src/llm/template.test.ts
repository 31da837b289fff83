import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseTemplate } from "./template.ts"

const shape = { allowed: ["question", "conversation", "action"], required: ["action"] }
const parse = (text: string) => parseTemplate(text, "judge.txt", shape)

describe("a template", () => {
  it("puts values in place of names, as often as they occur, and leaves other braces alone", () => {
    const template = parse('Q: {question}\n{action} / {action}\n{"verdict": "GOOD"} {{action}} { action }')
    expect(template({ question: "why?", action: "search" })).toBe(
      'Q: why?\nsearch / search\n{"verdict": "GOOD"} {action} { action }',
    )
  })

  it("never reads what was put in as a template", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("{action}", "{question}", "{secret}", "$&", "$1", "{{x}}"),
        (text, trap) => {
          const value = text + trap
          expect(parse("<{action}|{question}>")({ action: value, question: trap })).toBe(`<${value}|${trap}>`)
        },
      ),
    )
  })

  it("names file, line and nearest name of an unknown placeholder", () => {
    expect(() => parse("{action}\n\nfor {questoin}")).toThrow(
      /^judge\.txt, line 3: there is no placeholder \{questoin\}\. Did you mean "question"\?.*\{\{questoin\}\}/,
    )
    expect(() => parse("{action} {reference}")).toThrow(/line 1: there is no placeholder \{reference\}/)
  })

  it("names file and lines where a placeholder is missing", () => {
    expect(() => parse("one\n{question}\n")).toThrow(
      /^judge\.txt has no placeholder \{action\}: lines 1 to 2 do not hold it/,
    )
    expect(() => parse("")).toThrow(/judge\.txt has no placeholder \{action\}: it is empty/)
  })
})
