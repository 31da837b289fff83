/**
 * A first prompt by a template. Benchmarks that word their prompt by `instructions` or `promptWithExamples` are handed the
 * template's wording, and keep their hints and worked examples; of others the last user turn is replaced.
 */
import type { PromptContext, Task } from "../contracts/benchmark.ts"
import { instructions } from "./instructions.ts"
import { messageText, type Prompt, systemMessage, userMessage } from "./prompt.ts"
import { type PromptTemplate, templateText, type WordedQuestion } from "./prompt-template.ts"

/** `ask`: the benchmark's prompt of the task, in a context. */
export function templatePrompt(
  template: PromptTemplate,
  { question }: Task,
  context: PromptContext,
  ask: (context: PromptContext) => Prompt,
): Prompt {
  let answerHint: string | undefined
  const wording: PromptContext["wording"] = (asked) => {
    answerHint = asked.answerHint
    const { question, earlier, examples } = asked
    if (earlier > 0 && !template.questionLine) return undefined
    const pieces = earlier > 0 ? template.questionLine! : template.user
    return templateText(
      pieces,
      { ...asked, prompt: () => instructions(question, asked.answerHint, context, examples) },
      context,
    )
  }
  const made = ask({ ...context, wording })
  const [first] = made
  const own = first?.role === "system" ? first.content : ""
  const asked: WordedQuestion = { question, answerHint: answerHint ?? "", prompt: () => lastQuestion(made) }
  const rest = own ? made.slice(1) : made
  const turns = answerHint === undefined ? withLastQuestion(rest, templateText(template.user, asked, context)) : rest
  const system = template.system ? templateText(template.system, asked, context) : own
  return system === "" ? turns : [systemMessage(system), ...turns]
}

const lastQuestion = (prompt: Prompt): string => {
  const message = prompt.findLast(({ role }) => role === "user")
  return message ? messageText(message) : ""
}

function withLastQuestion(prompt: Prompt, text: string): Prompt {
  const place = prompt.findLastIndex(({ role }) => role === "user")
  return place < 0 ? [...prompt, userMessage(text)] : prompt.with(place, userMessage(text))
}
