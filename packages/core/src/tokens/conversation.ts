/**
 * Conversations as token ids (DESIGN 4), for any model that has an encoder: each text is encoded once, when it enters.
 * Invariant: sampled ids are never decoded and encoded again; what follows them is found by rendering a sentinel turn
 * and keeping what the template puts after it.
 */
import type { ConversationTokens, ShownTurn } from "../contracts/conversation-tokens.ts"
import { separateThought } from "../contracts/thoughts.ts"
import { SwirlError } from "../errors.ts"
import { assistantMessage, joinTurns, type Message, messageText, type Prompt, userMessage } from "../prompts/prompt.ts"
import { spokenMessage } from "./chat-message.ts"
import type { ChatTemplate, TurnWriter } from "./chat-template.ts"
import { breakNames, encodeBroken } from "./plain-names.ts"
import type { TextCodec } from "./text-codec.ts"
import { toolCalling } from "./tool-calling.ts"

const sentinel = "SENTINEL7f3a9c"

/** The conversation of a model that has a chat template. */
export function templateConversation(codec: TextCodec, render: ChatTemplate): ConversationTokens {
  const calling = toolCalling(codec, render)
  return {
    ...writtenConversation(codec, {
      write: (turns, options) =>
        render(
          joinTurns(turns).map((turn) => spokenMessage(codec, turn)),
          options,
        ),
    }),
    withTools(tools) {
      const { writer, read } = calling(tools)
      return { ...writtenConversation(codec, writer), read }
    },
  }
}

function writtenConversation(codec: TextCodec, writer: TurnWriter): ConversationTokens {
  /** The end of the model's turn and the opening of its next one, with nothing between. */
  let closing: readonly number[] | undefined
  let hasBegun = false
  return {
    start(prompt, options) {
      hasBegun = true
      return encodeBroken(codec, writer.write(prompt, options))
    },
    continue: (turns, finishReason, sampled) => {
      if (turns[0]?.role === "assistant") return goingOn(codec, turns)
      const ids = encodeBroken(codec, after(writer, turns))
      const last = sampled?.at(-1)
      // Where nothing was begun nor sampled, "stop" is a turn that ended by itself, before this conversation.
      const isEnded = sampled ? last !== undefined && codec.isEndOfTurn(last) : finishReason === "stop" && !hasBegun
      if (!isEnded) return ids
      // The end of the model's turn is there: what the template writes up to it is there already.
      closing ??= codec.encode(after(writer, []))
      const own = closing
      const end = ids.findIndex((id) => codec.isEndOfTurn(id))
      return ids.slice(0, end + 1).every((id, index) => id === own[index]) ? ids.slice(end + 1) : ids
    },
    taught(prompt, turn, { isCut = false } = {}) {
      const ids = encodeBroken(codec, taughtText(writer, prompt, turn))
      const end = ids.findIndex((id) => codec.isEndOfTurn(id))
      return end < 0 ? ids : ids.slice(0, isCut ? end : end + 1)
    },
    shown: (sampled, turns) => turnWithoutThought(codec, writer, sampled, turns),
    decode: codec.decode,
    spell: codec.spell,
  }
}

/** What is written into the model's own turn, which stays open. */
const goingOn = (codec: TextCodec, turns: readonly Message[]): number[] =>
  encodeBroken(codec, breakNames(codec, turns.map(messageText).join("")))

/** What a template writes of a turn behind where it begins, which is where another turn in its place begins to be another. */
function taughtText({ write }: TurnWriter, prompt: Prompt, turn: Message): string {
  const whole = write([...prompt, turn], { opensTurn: false })
  const other = write([...prompt, assistantMessage(sentinel)], { opensTurn: false })
  const place = other.lastIndexOf(sentinel)
  // Before its text, a turn with calls may be opened in another way.
  let start = 0
  while (start < place && whole[start] === other[start]) start++
  return whole.slice(start)
}

const thoughtSentinel = "SENTINEL41d0be"

/** Undefined where there is no thought before what was said, or the template leaves it in. */
function turnWithoutThought(
  codec: TextCodec,
  { write }: TurnWriter,
  sampled: readonly number[],
  turns: readonly Message[],
): ShownTurn | undefined {
  const written = codec.decode(sampled)
  const { text } = separateThought(written)
  if (text === written || !written.endsWith(text) || turns[0]?.role === "assistant") return undefined
  const thought = written
    .slice(0, written.length - text.length)
    .replace(/^(\s*[<[][\w:]+[>\]])?/, `$1${thoughtSentinel}`)
  const question = userMessage("question")
  const whole = write([question, assistantMessage(`${thought}${sentinel}`), ...turns])
  const at = whole.indexOf(sentinel)
  if (at < 0 || whole.includes(thoughtSentinel)) return undefined
  const opened = write([question])
  let common = 0
  while (common < opened.length && common < at && opened[common] === whole[common]) common++
  return {
    dropped: encodeBroken(codec, opened.slice(common)),
    tokenIds: [...encodeBroken(codec, whole.slice(common, at)), ...idsOf(codec, sampled, text)],
  }
}

/** The sampled ids of the text at their end; the text is encoded again only where an id holds a part of the thought, too. */
function idsOf(codec: TextCodec, sampled: readonly number[], text: string): number[] {
  for (let start = sampled.length; start >= 0; start--) {
    const said = codec.decode(sampled.slice(start))
    if (said === text) return sampled.slice(start)
    if (said.length > text.length) break
  }
  const last = sampled.at(-1)
  return [
    ...encodeBroken(codec, breakNames(codec, text)),
    ...(last !== undefined && codec.isEndOfTurn(last) ? [last] : []),
  ]
}

/** What a template writes after the model's own turn when `turns` follow it. */
function after({ write, afterCalls }: TurnWriter, turns: readonly Message[]): string {
  const ofCalls = afterCalls?.(turns)
  if (ofCalls !== undefined) return ofCalls
  const text = write([userMessage("question"), assistantMessage(sentinel), ...turns])
  const at = text.indexOf(sentinel)
  if (at < 0) {
    throw new SwirlError(
      "The chat template leaves the model's own turn out of the conversation, so there is nothing to continue. Give the model another template.",
    )
  }
  return text.slice(at + sentinel.length)
}

const speakers: Record<string, string> = { user: "User", assistant: "Assistant", tool: "Tool" }

/**
 * The conversation of a base model that knows no turns: `User: …`, `Assistant: …`. Such a model does not end its turn,
 * so generation has to stop by `plainStops`; the sampled ids are kept whole, the overshoot included.
 */
export function plainConversation(codec: TextCodec, beginning: readonly number[] = []): ConversationTokens {
  const write = (prompt: Prompt): string =>
    joinTurns(prompt)
      .map((message) => {
        const speaker = speakers[message.role]
        const text = breakNames(codec, messageText(message))
        return speaker ? `${speaker}: ${text}\n` : `${text}\n\n`
      })
      .join("")
  return {
    start: (prompt, { opensTurn = true } = {}) => [
      ...beginning,
      ...encodeBroken(codec, `${write(prompt)}${opensTurn ? "Assistant:" : ""}`),
    ],
    continue: (turns) =>
      turns[0]?.role === "assistant" ? goingOn(codec, turns) : encodeBroken(codec, `\n${write(turns)}Assistant:`),
    taught: (_prompt, turn) => encodeBroken(codec, ` ${breakNames(codec, messageText(turn))}`),
    decode: codec.decode,
    spell: codec.spell,
  }
}

/** Where a base model's turn ends: after a closing tag, or before another turn begins. */
export const plainStops: readonly (string | RegExp)[] = [/<\/[A-Za-z_][\w.-]*>/, "\nUser:", "\nTool:", "\nAssistant:"]

/**
 * Looks for the first stop in decoded text. A closing tag belongs to the action and stays; any other stop is cut off.
 * Returns the text to hand on, or undefined where generation goes on.
 */
export function cutAtStop(text: string, stops: readonly (string | RegExp)[]): string | undefined {
  let first: { at: number; end: number } | undefined
  for (const stop of stops) {
    const found = typeof stop === "string" ? stop : stop.exec(text)?.[0]
    const at = found ? text.indexOf(found) : -1
    if (found && at >= 0 && (!first || at < first.at)) {
      first = { at, end: /^<\/[^<>]+>$/.test(found) ? at + found.length : at }
    }
  }
  return first && text.slice(0, first.end)
}
