/** Chat templates of a model folder, rendered as `transformers` does. */
import * as jinja from "@huggingface/jinja"
import { renderTree } from "./template-interpreter.ts"

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
  let template: jinja.Template | undefined
  return (messages, options = {}) => {
    try {
      template ??= new jinja.Template(text)
      return renderTree(template.parsed, {
        ...globals,
        ...tokens,
        ...options.variables,
        messages,
        add_generation_prompt: options.addGenerationPrompt ?? false,
      })
    } catch (error) {
      throw new Error(`${where}: the chat template could not be rendered: ${(error as Error).message}`)
    }
  }
}

const globals: Record<string, unknown> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  raise_exception(message: string): never {
    throw new Error(message)
  },
  // These two are the library's own, which it gives to whole templates alone.
  range: (...ends: number[]) => JSON.parse(new jinja.Template(`{{ range(${ends.join(", ")}) | tojson }}`).render()),
  strftime_now: (format: string) => new jinja.Template("{{ strftime_now(format) }}").render({ format }),
}
