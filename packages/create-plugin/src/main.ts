/** The process: makes a package, or says in a sentence why not. */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { helpText, readCommandLine } from "./command-line.ts"
import { createPlugin } from "./create.ts"
import { nextSteps } from "./next-steps.ts"
import { settle } from "./questions.ts"

/** 0 ok, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const asked = readCommandLine(args)
    if (asked.help) {
      process.stdout.write(helpText)
      return 0
    }
    const workingDirectory = process.cwd()
    const { name, kind } = await settle(asked, { input: process.stdin, output: process.stdout })
    const created = await createPlugin({ name, kind, directory: workingDirectory })
    const userAgent = process.env.npm_config_user_agent
    process.stdout.write(nextSteps(created, { kind, userAgent, workingDirectory }))
    return 0
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`)
    return isSwirlError(error) && error.kind === "usage" ? 2 : 1
  }
}

process.exitCode = await main(process.argv.slice(2))
