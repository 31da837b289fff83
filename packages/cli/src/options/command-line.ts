/** The command line, read by commander: which command, and what flags and environment gave it. Commander is here alone. */
import { errorMessage } from "@swirl-ts/core"
import { Command as Commander, CommanderError, Option as CommanderOption, InvalidArgumentError } from "commander"
import type { Command } from "../commands/command.ts"
import { version } from "../version.ts"
import { type Argument, flagText, type Given, type Option } from "./option.ts"
import { commonOptions } from "./tables.ts"

export interface Invocation {
  command: Command
  given: Given
}

/** An exit code where there is nothing to run: help was asked for, or the usage is wrong, which has been said. */
export function readCommandLine(args: readonly string[], commands: readonly Command[]): Invocation | 0 | 2 {
  let invocation: Invocation | 0 = 0
  const program = new Commander("swirl")
    .description("Evaluate tool-using language models and improve them by step-wise reinforcement learning (SWiRL).")
    .version(version)
    .showHelpAfterError("(--help lists what there is)")
    .enablePositionalOptions()
    .exitOverride()
  const parents = new Map<string, Commander>()
  for (const command of commands) {
    // `judge serve` is under `judge`, with options of its own.
    const words = command.name.split(" ")
    const parent = words.length > 1 ? parents.get(words[0]!)! : program
    const declared = declare(parent.command(words.at(-1)!), command)
    parents.set(command.name, declared)
    declared.action(() => {
      invocation = { command, given: givenTo(declared, command) }
    })
  }
  try {
    program.parse(args, { from: "user" })
    return invocation
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

const optionsOf = (command: Command) => Object.entries<Option>({ ...command.options, ...commonOptions })
const argumentsOf = (command: Command) => Object.entries<Argument>(command.arguments ?? {})

function declare(declared: Commander, command: Command): Commander {
  declared
    .description(command.description)
    .exitOverride()
    .showHelpAfterError(`(swirl ${command.name} --help lists what there is)`)
  for (const [name, { help, many, optional }] of argumentsOf(command)) {
    const what = many ? `${name}...` : name
    declared.argument(optional ? `[${what}]` : `<${what}>`, help)
  }
  for (const [name, option] of optionsOf(command)) declared.addOption(commanderOption(name, option))
  return declared
}

function commanderOption(name: string, option: Option): CommanderOption {
  const { help, parse, choices, repeatable, required, environment } = option
  const made = new CommanderOption(flagText(name, option), help)
  made.default(option.default).makeOptionMandatory(required ?? false)
  // An empty variable is one that is not set.
  if (environment && process.env[environment] !== "") made.env(environment)
  if (choices) made.choices(choices)
  if (parse ?? repeatable) {
    made.argParser((text: string, previous: unknown) => {
      const read = parse ? readOr(parse, text) : text
      return repeatable ? [...((previous as unknown[] | undefined) ?? []), read] : read
    })
  }
  return made
}

/** Commander adds to the sentence which flag or variable it is about. */
function readOr(parse: NonNullable<Option["parse"]>, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error))
  }
}

function givenTo(declared: Commander, command: Command): Given {
  const given: Record<string, unknown> = {}
  argumentsOf(command).forEach(([name], place) => {
    given[name] = declared.processedArgs[place]
  })
  for (const [name] of optionsOf(command)) {
    const source = declared.getOptionValueSource(name)
    if (source === "cli" || source === "env") given[name] = declared.getOptionValue(name)
  }
  return given
}
