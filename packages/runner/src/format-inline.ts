/**
 * Tags within one long turn, as models that think aloud use a calculator: the turn is interrupted behind a call's tag, its
 * result is put there, ` -> result`, and the model goes on with what it was saying. An action is what stands between two
 * results: free text, then one call or the answer. Everything else is as in `tags`.
 */
import { type ActionFormat, assistantMessage, sampleAnswer, sampleCalls } from "@swirl-ts/core"
import { answerTag } from "./action-text.ts"
import { tags } from "./format-tags.ts"

export const inline: ActionFormat = {
  ...tags,
  name: "inline",
  description: "tags within one turn: a call's result is put behind it and the model goes on thinking",
  continuesTurn: true,
  stops: (tools) => [...tools.map((tool) => `</${tool.tag.name}>`), `</${answerTag}>`],
  reply: (action, observation, generation) =>
    action.kind === "tool"
      ? [assistantMessage(` -> ${observation.text}`)]
      : tags.reply(action, observation, generation),
  rules: [
    "Think step by step in one message. Wherever a call can tell you something, make it there: its result is put right behind it, like this: CALL -> RESULT. Then go on in the same message.",
    "As soon as you know enough, end with your answer.",
  ].join("\n"),
  // A model that has seen no example copies the words CALL and RESULT: the call is shown as it is written (docs/real-model.md).
  unshownRules: (tools) =>
    [
      `Think step by step in one message. Wherever a call can tell you something, write it there, in the middle of your message, as ${sampleCalls(inline, tools)}: its result appears right behind it, and you go on in the same message.`,
      `As soon as you know enough, end with ${sampleAnswer(inline, tools)}.`,
    ].join("\n"),
}
