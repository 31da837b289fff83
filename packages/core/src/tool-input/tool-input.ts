/**
 * How a tool's input is written as text and read again: a single text as it is, a single number, boolean or other word
 * by the schema, anything else as a JSON object. What `toolInputTexts` writes, `readToolInput` reads.
 */
import type { NamedTool } from "../contracts/tool.ts"
import {
  hasAlternatives,
  type InputField,
  inputFields,
  isOpen,
  isRecord,
  isScalar,
  isText,
  tellsFields,
} from "./input-fields.ts"
import { inputProblem } from "./input-problem.ts"
import { sampleInput } from "./sample-input.ts"
import { typeText } from "./type-text.ts"

export type InputTool = Pick<NamedTool, "tag" | "inputSchema">
/** `problem` goes on after what the text stands in: `is empty`, `does not fit: "value" is missing`. */
export type ReadInput = { input: Record<string, unknown> } | { problem: string }

export interface InputForm {
  fields: readonly InputField[]
  /** The field that text which is no JSON object fills. */
  argument?: string
  /** Such a text is taken as it is; otherwise it is read as a number, true, false, null or one of several values. */
  isText: boolean
  /** A JSON object is read: wherever it can say more than a text. */
  takesJson: boolean
  /** No field has to be there, so nothing at all is an input. */
  takesNothing: boolean
  /** Fields of any name may be there. */
  isOpen: boolean
}

/** Every step asks: a schema's form is found out once. */
const forms = new WeakMap<object, { asked: string | undefined; form: InputForm }>()

export function inputForm(tool: InputTool): InputForm {
  const { inputSchema, tag } = tool
  const known = forms.get(inputSchema)
  if (known && known.asked === tag.argument) return known.form
  const form = readForm(tool)
  if (isRecord(inputSchema)) forms.set(inputSchema, { asked: tag.argument, form })
  return form
}

function readForm({ tag, inputSchema }: InputTool): InputForm {
  const fields = inputFields(inputSchema)
  const field = fields.find(({ name }) => name === tag.argument)
  // Where the schema tells no fields, the argument takes any text.
  const takesText =
    tag.argument !== undefined && (field ? isText(field.schema, inputSchema) : !tellsFields(inputSchema))
  const takesWord = field !== undefined && isScalar(field.schema, inputSchema)
  return {
    fields,
    argument: takesText || takesWord ? tag.argument : undefined,
    isText: takesText,
    takesJson: !takesText || fields.length > 1,
    takesNothing: fields.every(({ required }) => !required) && (field !== undefined || !takesText),
    isOpen: fields.length === 0 && isOpen(inputSchema),
  }
}

/** The only field, else the only one that has to be there, where a text without JSON can fill it. */
export function textArgument(inputSchema: unknown): string | undefined {
  const fields = hasAlternatives(inputSchema) ? [] : inputFields(inputSchema)
  const required = fields.filter((field) => field.required)
  const field = fields.length === 1 ? fields[0] : required.length === 1 ? required[0] : undefined
  return field && isScalar(field.schema, inputSchema) ? field.name : undefined
}

/** Never throws. */
export function readToolInput(tool: InputTool, text: string): ReadInput {
  const form = inputForm(tool)
  const { argument, fields } = form
  if (text.trim() === "") {
    if (form.takesNothing) return { input: {} }
    return { problem: argument === undefined ? `is empty, and should be ${jsonObject(form, tool)}` : "is empty" }
  }
  const value = form.takesJson ? parsed(text) : undefined
  const isMeant = isRecord(value) && (argument === undefined || fields.some(({ name }) => Object.hasOwn(value, name)))
  if (form.takesJson && isMeant) return checked(tool, value)
  if (argument !== undefined) return readWord(tool, form, argument, value, text)
  return {
    problem:
      fields.length === 0 && !form.isOpen
        ? `takes nothing, but holds ${shortened(text)}`
        : `should be ${jsonObject(form, tool)}, but holds ${shortened(text)}`,
  }
}

function readWord(tool: InputTool, form: InputForm, argument: string, value: unknown, text: string): ReadInput {
  if (form.isText && form.fields.length <= 1) return { input: { [argument]: text } }
  const isWord = value !== undefined && (value === null || typeof value !== "object")
  const readings = [...(isWord ? [value] : []), text].map((word) => checked(tool, { [argument]: word }))
  return readings.find((reading) => "input" in reading) ?? readings[0]!
}

/** Where no text says it, none: what the schema does not allow. */
export function toolInputTexts(tool: InputTool, input: Readonly<Record<string, unknown>>): string[] {
  const { argument, isText: isPlain, takesJson, takesNothing } = inputForm(tool)
  const keys = Object.keys(input).filter((key) => input[key] !== undefined)
  const json = takesJson ? [JSON.stringify(input)] : []
  if (keys.length === 0 && takesNothing) return ["", ...json]
  const only = argument !== undefined && keys.length === 1 ? input[argument] : undefined
  if (typeof only === "string") return [only, ...json]
  const isWord = !isPlain && (typeof only === "number" || typeof only === "boolean" || only === null)
  return isWord ? [JSON.stringify(only), ...json] : json
}

/** An input to show how a call looks: the name of a field in place of a text, otherwise values of the right type. */
export function sampleToolInput(tool: InputTool): Record<string, unknown> {
  const { argument, isText: isPlain } = inputForm(tool)
  if (argument === undefined || !isPlain) return sampleInput(tool.inputSchema)
  return { [argument]: /[<>]|^\s|\s$/.test(argument) ? "…" : argument }
}

/** An input to show how a JSON object looks where a text or nothing would do: with a field more than that. */
export function sampleToolObject(tool: InputTool): Record<string, unknown> {
  const { fields, argument, takesNothing } = inputForm(tool)
  const more = fields.find(({ name, required }) => !required && name !== argument)
  return sampleInput(tool.inputSchema, more && (argument !== undefined || takesNothing) ? [more.name] : [])
}

/** `digits (integer, optional: how many digits)`. */
export function fieldText({ name, schema, required, description }: InputField, inputSchema: object): string {
  const meaning = description?.replace(/\s+/g, " ").trim().replace(/\.$/, "")
  return `${name} (${typeText(schema, inputSchema)}${required ? "" : ", optional"}${meaning ? `: ${meaning}` : ""})`
}

function jsonObject({ fields }: InputForm, { inputSchema }: InputTool): string {
  const told = fields.map((field) => fieldText({ ...field, description: undefined }, inputSchema))
  return `a JSON object${told.length === 0 ? "" : ` with ${told.join(", ")}`}`
}

function checked({ inputSchema }: InputTool, input: Record<string, unknown>): ReadInput {
  const problem = inputProblem(inputSchema, input)
  return problem === undefined ? { input } : { problem: `does not fit: ${problem}` }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shortened(text: string): string {
  const kind = text.startsWith("{") && parsed(text) === undefined ? "what is no valid JSON, " : "the text "
  return `${kind}${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}`
}
