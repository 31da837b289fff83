/** Chat templates of a model folder, rendered as `transformers` does. */
import { TemplateError } from "./jinja/errors.ts"
import { compileTemplate, type Render } from "./jinja/template.ts"

/** A turn of a conversation, as chat templates read it; further fields reach the template too. */
export interface TemplateMessage {
  role: string
  content: string
}

export interface ChatTemplateOptions {
  /** Ends the text with the opening of a model turn. Default false. */
  addGenerationPrompt?: boolean
  /** Tool definitions and whatever else the template asks for. */
  variables?: Readonly<Record<string, unknown>>
}

export type ApplyChatTemplate = (messages: readonly TemplateMessage[], options?: ChatTemplateOptions) => string

/** One, or several with names, as some tokenizer_config.json have them. */
export type TemplateTexts = string | ReadonlyMap<string, string>

/** `tokens` are variables like `bos_token`; `where` names the template in errors. It is parsed when it is first used. */
export function chatTemplate(
  texts: TemplateTexts,
  tokens: Readonly<Record<string, unknown>>,
  where: string,
): ApplyChatTemplate {
  const known = new Map<string, Render>()
  return (messages, options = {}) => {
    // `transformers` gives these two to every template, as None where there are none.
    const { tools = null, documents = null } = options.variables ?? {}
    const text = typeof texts === "string" ? texts : chosen(texts, tools !== null, where)
    try {
      const render = known.get(text) ?? compileTemplate(text)
      known.set(text, render)
      return render({
        ...tokens,
        ...options.variables,
        tools,
        documents,
        messages: messages.map(asTransformersHasIt),
        add_generation_prompt: options.addGenerationPrompt ?? false,
      })
    } catch (error) {
      const line = error instanceof TemplateError && error.line !== undefined ? ` (line ${error.line})` : ""
      throw new Error(`${where}: the chat template could not be rendered: ${(error as Error).message}${line}`)
    }
  }
}

/** With tools the one that is made for them, otherwise the default. */
function chosen(texts: ReadonlyMap<string, string>, hasTools: boolean, where: string): string {
  const text = (hasTools ? texts.get("tool_use") : undefined) ?? texts.get("default")
  if (text !== undefined) return text
  const names = [...texts.keys()].join(", ")
  throw new Error(
    `${where}: none of its chat templates (${names}) is the default: put the one to use into chat_template.jinja.`,
  )
}

/** Names under which a message has what the model thought. */
const thoughts = ["reasoning_content", "thinking", "reasoning"]

/** Without fields that are null, and what was thought also under the names that templates ask for. */
function asTransformersHasIt(message: TemplateMessage): Record<string, unknown> {
  const there = Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined && value !== null))
  const name = thoughts.find((each) => there[each] !== undefined)
  return name === undefined ? there : { thinking: there[name], ...there, reasoning_content: there[name] }
}
