/** The process: reads the command line, runs one command, and turns what went wrong into a sentence and an exit code. */
// Before all others: they are loaded into the heap that it sets.
import "./small-heap.ts"
import { inspect } from "node:util"
import { errorMessage, isSwirlError, SwirlError, suggestion } from "@swirl-ts/core"
import { diskError } from "@swirl-ts/kit"
import { abortOnAccidents } from "./accidents.ts"
import { commands } from "./commands/all.ts"
import { abortOnSignals, exit, interruptionOf } from "./interruption.ts"
import { readCommandLine } from "./options/command-line.ts"
import { resultTaken } from "./standard-output.ts"

/** 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 143 by SIGTERM. Commands say 3 and 100 themselves (DESIGN 11). */
async function main(args: readonly string[]): Promise<number> {
  const abort = new AbortController()
  abortOnSignals(abort)
  abortOnAccidents(abort)
  try {
    const read = readCommandLine(args, await commandsFor(args[0]))
    if (typeof read === "number") return read
    const { runCommand } = await import("./run-command.ts")
    const code = await runCommand(read.command, read.given, abort.signal)
    // A command that serves until a signal ends well by one, but not by an accident.
    const interruption = interruptionOf(abort.signal)
    if (interruption?.exitCode === 1) throw interruption
    return code
  } catch (caught) {
    const interruption = interruptionOf(abort.signal)
    const error = sentenceOf(caught)
    process.stderr.write(`${problem(interruption ?? error, args.includes("--debug"))}\n`)
    return interruption?.exitCode ?? (isSwirlError(error) && error.kind === "usage" ? 2 : 1)
  }
}

/** The one that is named with those under it, or all where none is, as for `--help`. */
async function commandsFor(name: string | undefined) {
  const load = Object.entries(commands)
  const named = load.filter(([each]) => each.split(" ", 1)[0] === name)
  if (named.length === 0 && name && !name.startsWith("-") && name !== "help")
    throw new SwirlError(
      `There is no command "${name}".${suggestion(
        name,
        Object.keys(commands).filter((each) => !each.includes(" ")),
      )}`,
      { kind: "usage" },
    )
  return Promise.all((named.length > 0 ? named : load).map(async ([, module]) => (await module()).command))
}

/** What the file system refused where nobody has said it yet. */
function sentenceOf(error: unknown): unknown {
  const { path } = (error ?? {}) as NodeJS.ErrnoException
  return typeof path === "string" ? diskError(error, "use", path) : error
}

function problem(error: unknown, debug: boolean): string {
  if (debug) return error instanceof Error ? inspect(error) : String(error)
  if (isSwirlError(error)) return error.message
  return `Something unexpected went wrong: ${errorMessage(error)}. Run again with --debug for details.`
}

/** A reader that has seen enough, as `head` has, is no failure; a result that is lost is one. */
function unwritten(error: NodeJS.ErrnoException): never {
  if (error.code === "EPIPE") return exit(0)
  process.stderr.write(`${errorMessage(diskError(error, "write", "the result to standard output"))}\n`)
  return exit(1)
}

process.stdout.on("error", unwritten)
// Work goes on where nobody reads what is said of it.
process.stderr.on("error", () => {})
const code = await main(process.argv.slice(2))
const lost = await resultTaken()
if (lost) unwritten(lost)
exit(code)
