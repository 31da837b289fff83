/** An action format for tests that have no use for one: whatever the model writes is the answer. */
import { type ActionFormat, assistantMessage } from "@swirl-ts/core"

export const plainFormat: ActionFormat = {
  name: "plain",
  description: "",
  requestTools: () => [],
  parse: ({ text }) => ({ kind: "answer", answer: text }),
  write: () => ({ text: "", toolCalls: [] }),
  turn: ({ text }) => assistantMessage(text),
  reply: () => [],
  describe: () => "",
}
