/**
 * Worked examples (few-shot) as earlier turns of the same conversation: the first question stands under the
 * instructions, each later one opens a user turn, and calls, results and answers are the action format's own turns.
 * A model so sees exactly what its own turn has to look like.
 */
import type { Action, WrittenAction } from "../contracts/action.ts"
import type { PromptContext } from "../contracts/benchmark.ts"
import { SwirlError } from "../errors.ts"
import { isSameName } from "../records/cell.ts"
import { readToolInput } from "../tool-input/tool-input.ts"
import { instructions } from "./instructions.ts"
import { type Message, type Prompt, userMessage } from "./prompt.ts"

export interface WorkedExample {
  question: string
  calls: readonly WorkedCall[]
  answer: string
  /** What is thought after the last call, before the answer; shown where thoughts are. */
  conclusion?: string
}

export interface WorkedCall {
  action: Extract<Action, { kind: "tool" }>
  result: string
  /** What is thought before it; shown where the model's turn goes on behind the result (`continuesTurn`). */
  thought?: string
}

/** `instructions` for `question`, after the examples where there are any. The question is always in the last user turn. */
export function promptWithExamples(
  question: string,
  answerHint: string,
  context: PromptContext,
  examples: readonly WorkedExample[] = [],
): Prompt {
  const ask = (text: string, place: number): Message =>
    userMessage(
      place === 0
        ? instructions(text, answerHint, context, examples.length)
        : (context.wording?.({ question: text, answerHint, earlier: place }) ?? `Question: ${text}`),
    )
  const shown = examples.flatMap((example, place) => [ask(example.question, place), ...workedTurns(example, context)])
  return [...shown, ask(question, examples.length)]
}

/** Thoughts are shown where they are part of the turn that is asked for: around calls within it, or where there are no tools. */
function workedTurns({ calls, answer, conclusion }: WorkedExample, { format, tools }: PromptContext): Message[] {
  const isThinking = format.continuesTurn === true || tools.length === 0
  const turn = (action: Exclude<Action, { kind: "malformed" }>, thought = ""): [Message, WrittenAction] => {
    const { text, toolCalls } = format.write(action, tools)
    const written = { text: isThinking ? `${thought}${text}` : text, toolCalls }
    return [format.turn(written), written]
  }
  const turns = calls.flatMap(({ action, result, thought }) => {
    const [message, written] = turn(action, thought)
    return [message, ...format.reply(action, { text: result, isError: false }, written)]
  })
  return [...turns, turn({ kind: "answer", answer }, conclusion)[0]]
}

/** Calls of one tool, named shortly or fully, with what they show; none where the conversation does not have it. */
export function workedCalls(
  { tools }: Pick<PromptContext, "tools">,
  name: string,
  calls: readonly { query: string; result: string; thought?: string }[],
): WorkedCall[] {
  const tool = tools.find((each) => isSameName(each.name, name))
  if (!tool) return []
  return calls.map(({ query, result, thought }) => {
    const written = query.trim()
    const read = readToolInput(tool, written)
    if ("problem" in read)
      throw new SwirlError(`A worked call of ${tool.name} cannot be shown: its text ${read.problem}.`)
    return { action: { kind: "tool", tool: tool.name, input: read.input, query: written }, result, thought }
  })
}
