/** The ActionFormat contract: what `write` writes, `parse` reads back; what cannot be read is malformed, and nothing throws. */
import {
  type Action,
  type ActionFormat,
  type Generation,
  MessageSchema,
  type NamedTool,
  type Prompt,
} from "@swirl-ts/core"
import { at, type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { sampleCalls, sampleTools } from "../data/named-tools.ts"
import { shown } from "../data/shown.ts"

export interface ActionFormatChecks extends CheckOptions {
  /** Tools that calls are written of. Default: several shapes, from one text to lists and objects. */
  tools?: readonly NamedTool[]
  /** Calls of these tools that have to come back. */
  calls?: readonly { tool: string; input: unknown; query?: string }[]
  /** Answers that have to come back. */
  answers?: readonly string[]
}

/** Tests an action format. */
export function testActionFormat(format: ActionFormat, options: ActionFormatChecks & TestOptions = {}): void {
  register(`action format ${options.name ?? format.name}`, actionFormatChecks(format, options), options)
}

/** The checks of `testActionFormat`. */
export function actionFormatChecks(format: ActionFormat, options: ActionFormatChecks = {}): Check[] {
  const { name = format.name, tools = sampleTools, answers = sampleAnswers } = options
  const calls: NonNullable<ActionFormatChecks["calls"]> = options.calls ?? sampleCalls
  const subject = `The action format ${name}`
  assertOptions(subject, options, { tools: true, calls: true, answers: true })
  const written: WrittenBy[] = [
    ...calls.map(
      ({ tool, input, query }): Exclude<Action, { kind: "malformed" }> => ({
        kind: "tool",
        tool,
        input,
        query: query ?? queryOf(input),
      }),
    ),
    ...answers.map((answer) => ({ kind: "answer" as const, answer })),
  ]
  const generated = (action: WrittenBy, finishReason: Generation["finishReason"] = "stop") => ({
    ...format.write(action, tools),
    finishReason,
  })
  const turnsOf = (action: Action, generation: Pick<Generation, "text" | "toolCalls">): Prompt => [
    format.turn(generation),
    ...format.reply(action, { text: "17.0", isError: false }, generation),
  ]
  const behaviours: Behaviours = {
    "is an action format that can be loaded": () => assertShape("actionFormats", subject, name, format),
    "reads back what it writes": () => {
      for (const action of written) {
        const read = format.parse(generated(action), tools)
        if (sameAction(read, action)) continue
        const { text, toolCalls } = format.write(action, tools)
        fail(
          `it writes ${shown(action)} as ${shown(text === "" ? toolCalls : text)} and reads that as ${shown(read)}. \`parse\` has to read what \`write\` writes.`,
        )
      }
    },
    "calls malformed what it cannot read, and never throws": async () => {
      for (const [what, text] of hostileAndHuge) {
        for (const toolCalls of junkCalls(text)) {
          const action = await at(what, () => format.parse({ text, toolCalls, finishReason: "stop" }, tools))
          if (!["tool", "answer", "malformed"].includes(action?.kind)) fail(`it reads ${what} as ${shown(action)}.`)
          if (action.kind === "malformed" && !action.reason?.trim()) {
            fail(`it calls ${what} malformed without a reason. The model is told it: say what is wrong.`)
          }
        }
      }
    },
    "calls a turn malformed that was cut off": () => {
      for (const action of written) {
        const read = format.parse(generated(action, "length"), tools)
        if (read.kind !== "malformed") {
          fail(
            `it reads ${shown(action)} from a turn that was cut off (finishReason "length") as ${shown(read)}; nobody knows how it would have gone on.`,
          )
        }
      }
    },
    "calls a turn malformed that calls and answers at once": () => {
      const call = written.find((action) => action.kind === "tool")
      const answer = written.find((action) => action.kind === "answer")
      if (!call || !answer) return { skipped: "there is no call or no answer to write; give `calls` and `answers`" }
      const [first, second] = [format.write(call, tools), format.write(answer, tools)]
      const both = { text: `${first.text}${second.text}`, toolCalls: [...first.toolCalls, ...second.toolCalls] }
      const read = format.parse({ ...both, finishReason: "stop" }, tools)
      if (read.kind !== "malformed")
        fail(`it reads a call and an answer in one turn as ${shown(read)}, not as malformed.`)
    },
    "makes messages of turns and replies": () => {
      for (const action of written) {
        const generation = generated(action)
        const turns = action.kind === "answer" ? [format.turn(generation)] : turnsOf(action, generation)
        turns.forEach((message, index) => {
          if (!MessageSchema.safeParse(message).success)
            fail(`its turn ${shown(message)} is no message; use userMessage and assistantMessage.`)
          const goesOn = format.continuesTurn === true && action.kind === "tool"
          if ((message.role === "assistant") !== (index === 0 || goesOn)) {
            fail(
              `its turn ${index} has the role ${message.role}: \`turn\` gives the model's own, \`reply\` what answers it.`,
            )
          }
        })
        if (action.kind !== "tool" || JSON.stringify(turns.slice(1)).includes("17.0")) continue
        fail(`the result of a call, 17.0, does not stand in what \`reply\` gives: ${shown(turns.slice(1))}.`)
      }
    },
    "answers every call of a turn": () => {
      for (const action of written.filter(({ kind }) => kind === "tool")) {
        const { text, toolCalls } = generated(action)
        const twice = [...toolCalls, ...toolCalls.map((call) => ({ ...call, toolCallId: `${call.toolCallId}-2` }))]
        const malformed = format.parse({ text, toolCalls: twice, finishReason: "stop" }, tools)
        const replies = JSON.stringify(format.reply(malformed, { text: "no", isError: true }, { toolCalls: twice }))
        const missing = twice.find(({ toolCallId }) => !replies.includes(JSON.stringify(toolCallId)))
        if (missing)
          fail(`no reply answers the call ${missing.toolCallId} of a turn with ${twice.length}; servers refuse that.`)
      }
    },
    "tells the model of every tool": () => {
      const told = `${format.describe(tools)} ${JSON.stringify(format.requestTools(tools))}`
      for (const tool of tools) {
        if (!told.includes(tool.name) && !told.includes(tool.tag.name)) {
          fail(`neither \`describe\` nor \`requestTools\` names the tool ${tool.name}.`)
        }
      }
      if (format.describe([]).trim() === "")
        fail("`describe` says nothing where there is no tool; how is one to answer?")
    },
  }
  return checksOf(subject, behaviours, options)
}

type WrittenBy = Exclude<Action, { kind: "malformed" }>

const sampleAnswers = ["17", "Oslo", "the 4th of July, 1776", "two\nlines", "漢字", "a < b and b > c", "-0.5"]

/** One text field is its own query, as formats have it; anything else is JSON. */
function queryOf(input: unknown): string {
  const values = Object.values(input as object)
  return values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(input)
}

const sameAction = (read: Action, written: WrittenBy): boolean =>
  read.kind === "tool" && written.kind === "tool"
    ? read.tool === written.tool && JSON.stringify(read.input) === JSON.stringify(written.input)
    : read.kind === "answer" && written.kind === "answer" && read.answer === written.answer

const junkCalls = (text: string): Generation["toolCalls"][] => [
  [],
  [{ toolCallId: "call-0", toolName: "no such tool", input: text }],
  [{ toolCallId: "call-0", toolName: sampleTools[0]!.name, input: text }],
]
