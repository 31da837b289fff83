/**
 * A tool's input schema, of whatever library: shown to the model as JSON Schema, and what the model sent is checked by it.
 * Invariant: what can be shown is checked too, by the library itself or, where it cannot, by its JSON Schema. A schema is
 * read once; what is wrong with it is a clause that begins "the input schema", for whoever knows the tool's name.
 */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { z } from "zod"
import { errorMessage, SwirlError } from "../errors.ts"
import { jsonSchemaValidator } from "./json-schema.ts"
import { convertedSchema } from "./schema-converters.ts"

/** Plain JSON Schema, TypeBox's included; it should describe an object. */
export type JsonSchema =
  | {
      readonly type?: string | readonly string[]
      readonly properties?: object
      readonly required?: readonly string[]
      readonly $ref?: string
      readonly anyOf?: readonly unknown[]
      readonly oneOf?: readonly unknown[]
      readonly allOf?: readonly unknown[]
    }
  | { readonly type: string; readonly [keyword: string]: unknown }

/** What the AI SDK's `jsonSchema()` and `zodSchema()` return. */
export interface SdkSchema {
  readonly jsonSchema: object
  readonly validate?: unknown
}

/** Any Standard Schema (zod, Valibot, ArkType, …), the AI SDK's schemas, JSON Schema, or a function that returns one of them. */
export type ToolSchema<Input = unknown> =
  | StandardSchemaV1<unknown, Input>
  | SdkSchema
  | JsonSchema
  | (() => StandardSchemaV1<unknown, Input> | SdkSchema | JsonSchema)

/** What `execute` gets of a tool with such a schema; plain JSON Schema tells no types. */
export type ToolInput<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends { readonly _type: infer Input }
    ? Input
    : S extends { readonly static: infer Input }
      ? Input
      : S extends () => infer Inner
        ? ToolInput<Inner>
        : Record<string, unknown>

type Result = StandardSchemaV1.Result<unknown>
type Validate = (input: unknown) => Result | Promise<Result>

/** `tag`: a schema that cannot be shown is then shown as that one text field. */
interface Described {
  inputSchema: unknown
  tag?: { argument: string }
}

interface ReadSchema {
  jsonSchema: object
  validate: Validate
}

const known = new WeakMap<object, ReadSchema>()

/** The JSON Schema of a tool's input. Throws a usage error where there is none, or only later (see `loadToolSchema`). */
export function readToolSchema(name: string, tool: Described): object {
  const clause = toolSchemaProblem(tool)
  const read = known.get(tool.inputSchema as object)
  if (read) return read.jsonSchema
  throw new SwirlError(
    `Of the tool "${name}", ${clause ?? "the input schema is loaded later; await loadToolSchema(name, tool) first"}`,
    { kind: "usage" },
  )
}

/** Whether a tool's schema has been read before. */
export const hasToolSchema = ({ inputSchema }: Described): boolean => known.has(inputSchema as object)

/** As `readToolSchema`, also for what the AI SDK's `jsonSchema()` promises; from then on it is there at once. */
export async function loadToolSchema(name: string, tool: Described): Promise<object> {
  try {
    return (await load(tool)).jsonSchema
  } catch (error) {
    throw new SwirlError(`Of the tool "${name}", ${errorMessage(error)}`, { kind: "usage", cause: error })
  }
}

/** What is wrong with a tool's schema as far as it is there at once, as a clause; undefined where nothing is. */
export function toolSchemaProblem(tool: Described): string | undefined {
  try {
    if (hasToolSchema(tool)) return undefined
    const { shown, validate } = parts(tool)
    if (isPromise(shown)) shown.then(undefined, () => undefined)
    else remember(tool, shown, validate)
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}

/** What the schema makes of an input, or the issues. */
export async function checkToolInput(tool: Described, input: unknown): Promise<Result> {
  const { validate } = standardOf(tool.inputSchema) ?? (await load(tool))
  return (validate ?? (await load(tool)).validate)(input)
}

async function load(tool: Described): Promise<ReadSchema> {
  const read = known.get(tool.inputSchema as object)
  if (read) return read
  const { shown, validate } = parts(tool)
  let jsonSchema: object
  try {
    jsonSchema = await shown
  } catch (cause) {
    throw problem(`could not be loaded: ${errorMessage(cause)}`, cause)
  }
  return remember(tool, jsonSchema, validate)
}

function remember({ inputSchema }: Described, shown: object, validate: Validate | undefined): ReadSchema {
  // Servers want both, also of a tool without fields; what is there stays in its order.
  const { type = "object", properties = {} } = shown as { type?: unknown; properties?: unknown }
  const jsonSchema = { ...shown, type, properties }
  if (![type].flat().includes("object")) {
    throw problem(`describes ${JSON.stringify(type)}; a tool's input is an object, with a field for each thing`)
  }
  const read = { jsonSchema, validate: validate ?? jsonSchemaValidator(jsonSchema) }
  known.set(inputSchema as object, read)
  return read
}

interface Parts {
  shown: object | PromiseLike<object>
  validate: Validate | undefined
}

function parts({ inputSchema: schema, tag }: Described): Parts {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) {
    throw problem('is missing; without input, write { type: "object", properties: {} }')
  }
  const standard = standardOf(schema)
  if (standard) return standardParts(schema, standard, tag)
  if (typeof schema === "function") return parts({ inputSchema: call(schema as () => unknown), tag })
  if ("jsonSchema" in schema) return sdkParts(schema as SdkSchema)
  const prototype: unknown = Object.getPrototypeOf(schema)
  if (prototype !== Object.prototype && prototype !== null) throw problem(`is of no kind that is known. ${kinds}`)
  const stray = Object.values(schema).find(
    (value) => typeof value === "object" && value !== null && "~standard" in value,
  )
  if (stray) throw problem("is a plain object with schemas in it; write z.object({ … }) around them")
  // What JSON cannot hold, such as TypeBox's symbols, stays behind; and nobody else's object is changed.
  return { shown: JSON.parse(JSON.stringify(schema)) as object, validate: undefined }
}

/** Some have the JSON Schema part of the spec alone, without `validate`. */
type StandardProps = Omit<StandardSchemaV1.Props, "validate"> & {
  validate?: Validate
  jsonSchema?: { input?: unknown }
}

const standardOf = (schema: unknown): StandardProps | undefined =>
  (schema as { "~standard"?: StandardProps } | null | undefined)?.["~standard"]

function standardParts(schema: object, standard: StandardProps, tag: Described["tag"]): Parts {
  const { vendor, validate, jsonSchema } = standard
  const show = (): object => {
    if ("_zod" in schema) {
      return z.toJSONSchema(schema as unknown as z.ZodType, { io: "input", unrepresentable: "any" })
    }
    if (typeof jsonSchema?.input === "function") return jsonSchema.input({ target: "draft-2020-12" }) as object
    return converted(schema, vendor, tag)
  }
  try {
    return { shown: show(), validate }
  } catch (cause) {
    throw cause instanceof SwirlError ? cause : problem(`cannot be shown as JSON Schema: ${errorMessage(cause)}`, cause)
  }
}

function converted(schema: object, vendor: string, tag: Described["tag"]): object {
  try {
    const shown = convertedSchema(schema, vendor)
    if (shown) return shown
    throw problem(`is of the library "${vendor}", which does not say it as JSON Schema. ${kinds}`)
  } catch (error) {
    if (!tag) throw error
    return { type: "object", properties: { [tag.argument]: { type: "string" } }, required: [tag.argument] }
  }
}

function sdkParts(schema: SdkSchema): Parts {
  const { validate } = schema
  const shown = call(() => schema.jsonSchema) as object | PromiseLike<object>
  return {
    shown,
    validate: typeof validate === "function" ? async (input) => sdkResult(await validate(input)) : undefined,
  }
}

/** The AI SDK's result as Standard Schema's. */
function sdkResult(result: { success: boolean; value?: unknown; error?: unknown }): StandardSchemaV1.Result<unknown> {
  if (result.success) return { value: result.value }
  const error = result.error as { issues?: unknown; cause?: { issues?: unknown } } | undefined
  const issues = error?.issues ?? error?.cause?.issues
  return { issues: Array.isArray(issues) ? issues : [{ message: errorMessage(result.error) }] }
}

function call(read: () => unknown): unknown {
  try {
    return read()
  } catch (cause) {
    throw problem(`could not be loaded: ${errorMessage(cause)}`, cause)
  }
}

const kinds =
  "Use zod 4, ArkType, Valibot with @valibot/to-json-schema, JSON Schema as a plain object, or jsonSchema() of the AI SDK."

const isPromise = (value: unknown): value is PromiseLike<object> =>
  typeof (value as { then?: unknown } | null)?.then === "function"

const problem = (clause: string, cause?: unknown): SwirlError =>
  new SwirlError(`the input schema ${clause}`, { kind: "usage", cause })
