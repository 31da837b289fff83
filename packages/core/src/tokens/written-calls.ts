/** The calls in a turn that arrives as text, from a model whose template is not here: its marks say which syntax it is. */
import type { ReadTurn } from "../contracts/conversation-tokens.ts"
import { marks } from "./call-syntax.ts"
import { readCalls } from "./read-calls.ts"

const fields = { argumentsField: "arguments", argumentsAreText: false, isWritten: false }

/** By the marks that stand in the text, else by JSON that stands alone. A text that calls nothing stays as it is. */
export function readWrittenCalls(text: string): ReadTurn {
  const { opens, closes } = marks.find((each) => text.includes(each.opens)) ?? { opens: "", closes: "" }
  return readCalls(text, { opens, closes, ...fields }) ?? { text, toolCalls: [] }
}
