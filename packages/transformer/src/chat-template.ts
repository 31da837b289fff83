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

/** `tokens` are variables like `bos_token`; `where` names the template in errors. It is parsed when it is first used. */
export function chatTemplate(text: string, tokens: Readonly<Record<string, string>>, where: string): ApplyChatTemplate {
  let render: Render | undefined
  return (messages, options = {}) => {
    try {
      render ??= compileTemplate(text)
      return render({
        // `transformers` gives these two to every template, as None where there are none.
        tools: null,
        documents: null,
        ...tokens,
        ...options.variables,
        messages: messages.map(asTransformersHasIt),
        add_generation_prompt: options.addGenerationPrompt ?? false,
      })
    } catch (error) {
      const line = error instanceof TemplateError && error.line !== undefined ? ` (line ${error.line})` : ""
      throw new Error(`${where}: the chat template could not be rendered: ${(error as Error).message}${line}`)
    }
  }
}

/** Names under which a message has what the model thought. */
const thoughts = ["reasoning_content", "thinking", "reasoning"]

/** Without fields that are null, and what was thought also under the names that templates ask for. */
function asTransformersHasIt(message: TemplateMessage): Record<string, unknown> {
  const there = Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined && value !== null))
  const name = thoughts.find((each) => there[each] !== undefined)
  return name === undefined ? there : { thinking: there[name], ...there, reasoning_content: there[name] }
}
