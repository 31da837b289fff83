/** The command: parses, runs one command, and turns what went wrong into a sentence and an exit code. */
import { errorMessage, isSwirlError, suggestion } from "@swirl-ts/core"
import { Command, CommanderError } from "commander"
import { wasInterrupted } from "./app.ts"
import { commands } from "./commands/index.ts"
import { applyConfigDefaults } from "./config-defaults.ts"
import { version } from "./version.ts"

function buildProgram(): Command {
  const program = new Command("swirl")
    .description("Evaluate tool-using language models and improve them by step-wise reinforcement learning (SWiRL).")
    .version(version)
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride()
  for (const register of commands) register(program)
  program.hook("preAction", (_program, command) => applyConfigDefaults(command))
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(swirl ${command.name()} --help lists what there is)`)
  return program
}

/** 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C. Commands set 3 and 100 themselves (DESIGN 11). */
async function main(args: string[]): Promise<number> {
  const program = buildProgram()
  const name = args.find((arg) => !arg.startsWith("-"))
  const names = program.commands.map((command) => command.name())
  if (name && args[0] === name && !names.includes(name) && name !== "help") {
    process.stderr.write(`There is no command "${name}".${suggestion(name, names)}\n`)
    return 2
  }
  try {
    await program.parseAsync(args, { from: "user" })
    return typeof process.exitCode === "number" ? process.exitCode : 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (args.includes("--debug")) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    else if (isSwirlError(error)) process.stderr.write(`${error.message}\n`)
    else
      process.stderr.write(
        `Something unexpected went wrong: ${errorMessage(error)}. Run again with --debug for details.\n`,
      )
    if (wasInterrupted()) return 130
    return isSwirlError(error) && error.kind === "usage" ? 2 : 1
  }
}

/** What was written to a pipe may still be on its way, and `process.exit` would drop it. */
const drained = (): Promise<void> =>
  new Promise((resolve) => {
    if (process.stdout.writableLength === 0) resolve()
    else process.stdout.write("", () => resolve())
  })

// A reader that has seen enough, as `head` has, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1))
const code = await main(process.argv.slice(2))
await drained()
process.exit(code)
