import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { chatTemplate } from "./chat-template.ts"

const file = new URL("../../../fixtures/transformer/templates/cases.json", import.meta.url)
const { variables, cases } = JSON.parse(readFileSync(file, "utf8"))
const { messages, ...others } = variables

it.each(cases as { template: string; rendered: string }[])(
  "renders as transformers does (scripts/make-template-fixtures.py): $template",
  ({ template, rendered }) => {
    expect(chatTemplate(template, {}, "here")(messages, { variables: others })).toBe(rendered)
  },
)

it("tells a template that asks for what there is not, and one that is none, by where it stands", () => {
  expect(() => chatTemplate("{{ raise_exception('only two roles') }}", {}, "here")([])).toThrow(
    "here: the chat template could not be rendered: only two roles",
  )
  expect(() => chatTemplate("{% for %}", {}, "here")([])).toThrow(/^here: the chat template could not be rendered: /)
})
