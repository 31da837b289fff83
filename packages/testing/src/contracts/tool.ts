/** The Tool contract: what it is given is checked, what it answers can be read, and whatever it is given, it answers in time. */
import {
  callTool,
  type GivenTool,
  loadToolSchema,
  type Observation,
  readGivenTool,
  type Tool,
  type ToolContext,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { endsAborted, grace } from "../checks/ends.ts"
import { assertFields, assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { valuesFromSchema } from "../data/from-schema.ts"
import { hostileTexts, hostileValues, hugeText } from "../data/hostile.ts"
import { inputText, shown } from "../data/shown.ts"

/** An input that the tool can use. */
export interface ValidCall {
  name?: string
  input: unknown
  /** What the model is shown: exactly this text, or a text that it matches. */
  output?: string | RegExp
}

/** An input that the tool answers with an error. */
export interface InvalidCall {
  name?: string
  input: unknown
  /** What the error says: a part of it, or what it matches. */
  error?: string | RegExp
}

export interface ToolChecks extends CheckOptions {
  /** Default: made from the input schema. */
  valid?: readonly ValidCall[]
  invalid?: readonly InvalidCall[]
  /** What a tool with `bind` is bound to, e.g. `{ corpus }`. */
  context?: Partial<ToolContext>
}

/** Tests a tool, one of the AI SDK too, in the style of ESLint's RuleTester. */
export function testTool(tool: GivenTool, options: ToolChecks & TestOptions = {}): void {
  register(`tool ${options.name ?? defaultName}`, toolChecks(tool, options), options)
}

const defaultName = "tool"

/** The checks of `testTool`. */
export function toolChecks(given: GivenTool, options: ToolChecks = {}): Check[] {
  const tool = given && readGivenTool(given)
  const { name = defaultName, valid, invalid = [] } = options
  const subject = `The tool ${name}`
  assertOptions(subject, options, { valid: true, invalid: true, context: true })
  for (const call of options.valid ?? [])
    assertFields(`${subject}: a valid call has no field`, call, { name: true, input: true, output: true })
  for (const call of options.invalid ?? [])
    assertFields(`${subject}: an invalid call has no field`, call, { name: true, input: true, error: true })
  const calls = toolCalls(tool, name, options)
  const behaviours: Behaviours = {
    "is a tool that can be loaded": () => assertShape("tools", subject, options.name, tool),
    "shows its input as JSON Schema, whose fields say what they are": async () => {
      for (const [field, schema] of await calls.fields()) {
        if (Object.keys(schema).length > 0) continue
        fail(
          `the field "${field}" of its input schema says nothing of what it is. Give it a type, so that the model is told.`,
        )
      }
    },
    ...Object.fromEntries((valid ?? []).map((call) => [`answers ${inputText(call)}`, () => calls.answers(call)])),
    ...Object.fromEntries(invalid.map((call) => [`refuses ${inputText(call)}`, () => calls.refuses(call)])),
    "answers what its schema allows": async () => {
      const inputs = await calls.usable()
      if (inputs.length === 0) return calls.noInput()
      for (const input of inputs) await calls.answers({ input })
    },
    "refuses an input that its schema does not allow": async () => {
      for (const input of await calls.notAllowed()) await calls.refuses({ input })
    },
    "answers whatever text it is given": async () => {
      for (const [what, text] of Object.entries(hostileTexts)) {
        for (const input of await calls.withText(text)) assertReadable(await calls.call(input), `for ${what}`)
      }
    },
    "answers a huge text": async () => {
      for (const input of await calls.withText(hugeText)) assertReadable(await calls.call(input), "for a huge text")
    },
    "leaves its input as it is": async () => {
      for (const input of await calls.usable()) {
        const before = JSON.stringify(input)
        await calls.call(input)
        if (JSON.stringify(input) !== before) {
          fail(`it changed its input ${before} to ${JSON.stringify(input)}. Copy what you change: { ...input }.`)
        }
      }
    },
    "answers the same input alike": async () => {
      const inputs = await calls.usable()
      if (inputs.length === 0) return calls.noInput()
      for (const input of inputs) {
        // Each on a tool of its own: what one trajectory asked is nobody else's.
        const [first, second] = [await calls.call(input), await calls.call(input)]
        if (first.text === second.text) continue
        fail(
          `it answered ${shown(input)} with ${shown(first.text)} and then with ${shown(second.text)}. Seed what is random and keep nothing between tasks; where the world itself changes (a clock, the web), give skip: { "answers the same input alike": "why" }.`,
        )
      }
    },
    "ends when its signal is aborted": async () => {
      const inputs = await calls.usable()
      if (inputs.length === 0) return calls.noInput()
      for (const input of inputs) await calls.aborts(input)
    },
  }
  return checksOf(subject, behaviours, options)
}

interface ObjectSchema {
  properties?: Readonly<Record<string, Record<string, unknown>>>
  required?: readonly string[]
}

/** The ways in which the tool is called here: as the loop does, each time bound anew. */
function toolCalls(tool: Tool, name: string, { valid, context = {} }: ToolChecks) {
  const schema = async () => (await loadToolSchema(name, tool)) as ObjectSchema
  const bound = async (): Promise<Tool> => (tool.bind ? tool.bind({ options: {}, ...context }) : tool)
  const call = async (input: unknown, abortSignal?: AbortSignal): Promise<Observation> =>
    callTool(await bound(), input, { toolCallId: "call-0", messages: [], abortSignal })
  /** Copies each time: what one check does to them is no other's. */
  const given = async (): Promise<unknown[]> =>
    structuredClone(valid?.map(({ input }) => input) ?? valuesFromSchema(await schema()))
  const fields = async () => Object.entries((await schema()).properties ?? {})
  return {
    call,
    fields,
    /** Inputs that it answers without an error; those that are made from its schema may be none. */
    async usable(): Promise<unknown[]> {
      if (valid) return given()
      const answers = await Promise.all((await given()).map(async (input) => [input, await call(input)] as const))
      return answers.filter(([, { isError }]) => !isError).map(([input]) => input)
    },
    noInput: async () => ({
      skipped: `no input that it can use could be made from its schema (tried ${(await given()).map(shown).join(", ")}); give one: valid: [{ input: { … } }]`,
    }),
    async answers({ input, output }: ValidCall): Promise<void> {
      const observation = await call(structuredClone(input))
      if (observation.isError) fail(`it refused ${shown(input)}, which is valid: ${observation.text}`)
      assertReadable(observation, `for ${shown(input)}`)
      if (output === undefined || matches(observation.text, output, (text) => text === output)) return
      fail(`it answered ${shown(input)} with ${shown(observation.text)}, expected ${String(output)}.`)
    },
    async refuses({ input, error }: InvalidCall): Promise<void> {
      const { text, isError } = await call(structuredClone(input))
      if (!isError) {
        fail(
          `it took ${shown(input)}, which is no valid input, and answered ${shown(text)}. Check it in the schema, or answer { isError: true, output: "what is wrong" }.`,
        )
      }
      if (text.trim() === "") fail(`it refused ${shown(input)} without a word. Say what is wrong and what to write.`)
      if (error === undefined || matches(text, error, () => text.includes(String(error)))) return
      fail(`it refused ${shown(input)} with ${shown(text)}, expected ${String(error)}.`)
    },
    /** Values of another type than the schema wants, alone and field by field. */
    async notAllowed(): Promise<unknown[]> {
      const [first] = await given()
      const wrong = (await fields()).flatMap(([field, schema]) => {
        const other = otherType(schema)
        return other === undefined ? [] : [{ ...(first as object), [field]: other }]
      })
      const { required = [] } = await schema()
      return [...hostileValues.filter((value) => !isOpenObject(value, required)), ...wrong]
    },
    /** Valid inputs with `text` in each field that takes one. */
    async withText(text: string): Promise<unknown[]> {
      const [first] = await given()
      return (await fields())
        .filter(([, { type, enum: choices }]) => type === "string" && !choices)
        .map(([field]) => ({ ...(first as object), [field]: text }))
    },
    async aborts(input: unknown): Promise<void> {
      if ((await endsAborted((abortSignal) => call(input, abortSignal))) !== "late") return
      fail(
        `it went on for more than ${grace / 1000} s after its signal was aborted, for ${shown(input)}. Hand \`abortSignal\` on to what it waits for, e.g. fetch(url, { signal: abortSignal }).`,
      )
    },
  }
}

const matches = (text: string, expected: string | RegExp, byText: (text: string) => boolean): boolean =>
  typeof expected === "string" ? byText(text) : expected.test(text)

/** `{}` and objects with other fields are valid where nothing is required. */
const isOpenObject = (value: unknown, required: readonly string[]): boolean =>
  required.length === 0 && typeof value === "object" && value !== null && !Array.isArray(value)

function otherType({ type }: Record<string, unknown>): unknown {
  if (type === "string") return { no: "text" }
  if (type === "number" || type === "integer" || type === "boolean" || type === "object") return "no such thing"
  if (type === "array") return 7
  return undefined
}

/** What a model is shown is text that says something. */
function assertReadable({ text }: Observation, where: string): void {
  if (typeof text !== "string") fail(`it gave no text ${where}.`)
  if (/\[object \w+\]/.test(text) || text === "undefined") {
    fail(`what it answers ${where} is shown to the model as ${shown(text)}. Return a text, or plain JSON.`)
  }
}
