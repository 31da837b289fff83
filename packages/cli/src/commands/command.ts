/**
 * What a command is: what it is called with, as data; `run`, which does it and gives a result; and views of that result:
 * the document of `--json`, the text for people, the exit code. Only `run` does anything.
 */
import type { CommandContext } from "../context.ts"
import type { ArgumentsOf, ArgumentTable, OptionTable, ValuesOf } from "../options/option.ts"

/** Arguments and options by name, as `run` gets them. */
export type Values<Arguments, Options> = ArgumentsOf<Arguments> & ValuesOf<Options>

export interface Command<
  Arguments extends ArgumentTable = ArgumentTable,
  Options extends OptionTable = OptionTable,
  Result = unknown,
> {
  name: string
  description: string
  arguments?: Arguments
  /** Beside those that every command has. */
  options?: Options
  /** `false`: it needs neither plugins nor a config, and none is loaded; `usable`: what cannot be loaded is told, not the end. */
  plugins?: false | "usable"
  /** It streams records and holds few of them: the process is kept small, for some processor time. */
  isStreaming?: true
  run(context: CommandContext, given: Values<Arguments, Options>): Result | Promise<Result>
  /** What `--json` prints, where that is not the whole result. */
  document?(result: Result, given: Values<Arguments, Options>): unknown
  /** Without it nothing is printed at the end: standard output was the command's own. */
  text?(result: Result, given: Values<Arguments, Options>): string | readonly string[]
  /** 0 without it. */
  exitCode?(result: Result, given: Values<Arguments, Options>): number
}

/** As it stands: the types of `run` follow from `arguments` and `options`, those of the views from `run`. */
export const defineCommand = <
  const Arguments extends ArgumentTable = Record<never, never>,
  const Options extends OptionTable = Record<never, never>,
  Result = unknown,
>(
  command: Command<Arguments, Options, Result>,
): Command<Arguments, Options, Result> => command
