import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { chatTemplate } from "./chat-template.ts"

// What transformers says about all of them: scripts/make-template-fixtures.py.
const folder = new URL("../../../fixtures/transformer/templates/", import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8")
const json = (name: string) => JSON.parse(text(name))

interface Case {
  template: string
  rendered?: string
  refused?: string
}

/** What was rendered, or that it was refused. */
function outcome(render: () => string): string | undefined {
  try {
    return render()
  } catch (error) {
    expect((error as Error).message).toMatch(/^here: the chat template could not be rendered: .+ \(line \d+\)$/s)
    return undefined
  }
}

for (const name of ["cases.json", "expressions.json"]) {
  const { variables, cases } = json(name)
  const { messages, ...others } = variables
  it.each(cases as Case[])("renders and refuses as Jinja2 does: $template", ({ template, rendered }) => {
    expect(outcome(() => chatTemplate(template, {}, "here")(messages, { variables: others }))).toBe(rendered)
  })
}

const { variables, conversations, tools, cases } = json("conversations.json")
it.each(cases as (Case & { conversation: string })[])(
  "renders $conversation with $template as transformers does",
  ({ template, conversation, rendered }) => {
    const { messages, addGenerationPrompt, variables: own, tools: hasTools } = conversations[conversation]
    const given = { ...variables, ...own, ...(hasTools ? { tools } : {}) }
    const render = chatTemplate(text(template), {}, "here")
    expect(outcome(() => render(messages, { addGenerationPrompt, variables: given }))).toBe(rendered)
  },
)

it("says what a template asked for and where it is none", () => {
  const message = (template: string): string => {
    try {
      return chatTemplate(template, {}, "here")([])
    } catch (error) {
      return (error as Error).message
    }
  }
  const start = "here: the chat template could not be rendered: "
  expect(message("{{ raise_exception('only two roles') }}")).toBe(`${start}only two roles (line 1)`)
  expect(message("{% for x in [1] %}\n{% if x %}\n{{ x\n| nothing }}{% endif %}{% endfor %}")).toBe(
    `${start}there is no filter named nothing (line 4)`,
  )
  expect(message("\n{% for %}")).toBe(`${start}a name is expected instead of %} (line 2)`)
})

it.each([
  ["{{ 'a b' | wordwrap(2) }}", "the filter wordwrap is not supported: where it breaks words is Python's own"],
  ["{{ [1, 2] | random }}", "the filter random is not supported: the same conversation would have different texts"],
  ["{{ 'a.b' | urlize }}", "the filter urlize is not supported: it is for pages, not for conversations"],
  ["{% block a %}b{% endblock %}", "{% block %} is not supported: a chat template is one file"],
  ["{% include 'a' %}", "{% include %} is not supported: a chat template is one file"],
  ["{% autoescape true %}{% endautoescape %}", "{% autoescape %} is not supported: a conversation is no page"],
  ["{{ lipsum() }}", "lipsum() is not supported: its text is another one each time"],
  ["{{ 'a'.upper }}", "upper is printed without being called: Python writes its address in memory"],
  ["{{ [1] | map('string') }}", "a generator cannot be printed: Python writes its address in memory"],
  ["{{ 'a'.encode() }}", "the method encode of a text is not supported"],
  ["{{ (-8) ** 0.5 }}", "complex numbers are not supported"],
  ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "macros or loops call each other without end"],
])("refuses what it would render otherwise than Jinja2 does, with its line: %s", (template, reason) => {
  expect(() => chatTemplate(`\n\n${template}`, {}, "here")([])).toThrow(
    new Error(`here: the chat template could not be rendered: ${reason} (line 3)`),
  )
})
