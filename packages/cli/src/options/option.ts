/**
 * What a flag is, as data: it is said once, in a table, and the type of a command's options follows from that table. The
 * key is the flag's name: `actionFormat` is `--action-format`.
 */
import type { Config } from "@swirl-ts/core"

export type ConfigDefaults = NonNullable<Config["defaults"]>

export interface Option {
  /** What the help calls its value: `<n>`, or `[n]` where none means `true`. Without it, the flag is a switch. */
  value?: `<${string}>` | `[${string}]`
  short?: `-${string}`
  help?: string
  /** Reads one value; throws a sentence that says what it has to be. Without it, a value is text. */
  parse?(text: string): unknown
  choices?: readonly string[]
  /** It may be given several times: its value is a list. */
  repeatable?: true
  required?: true
  environment?: `SWIRL_${string}`
  /** The value that other flags speak for. */
  implied?(given: Given): unknown
  /** The default of the config that goes before this one. */
  config?: keyof ConfigDefaults
  default?: unknown
}

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** As help and pages show it: `-o, --output <file>`. */
export function flagText(name: string, { short, value }: Option): string {
  const flag = flagOf(name)
  return [short, value ? `${flag} ${value}` : flag].filter(Boolean).join(", ")
}

export type OptionTable = Readonly<Record<string, Option>>

/** An argument by position; `many` takes all that are left. */
export interface Argument {
  help?: string
  optional?: true
  many?: true
}

export type ArgumentTable = Readonly<Record<string, Argument>>

/** What the command line and the environment said, by name. */
export type Given = Readonly<Record<string, unknown>>

type Read<O> = O extends { parse(text: string): infer Parsed }
  ? Parsed
  : O extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string

type Value<O> = O extends { repeatable: true }
  ? Read<O>[]
  : O extends { value: `[${string}]` }
    ? Read<O> | true
    : Read<O>

type ValueOf<O> = O extends { value: string }
  ? Value<O> | (O extends { repeatable: true } | { required: true } | { default: unknown } ? never : undefined)
  : boolean

/** The type of a table's values. */
export type ValuesOf<Table> = { -readonly [Name in keyof Table]: ValueOf<Table[Name]> }

type ArgumentOf<A> = (A extends { many: true } ? string[] : string) | (A extends { optional: true } ? undefined : never)

/** The type of the arguments that a table asks for. */
export type ArgumentsOf<Table> = { -readonly [Name in keyof Table]: ArgumentOf<Table[Name]> }
