/** What the command line left open, asked for on a terminal; elsewhere it is wrong usage. */
import { createInterface, type Interface } from "node:readline/promises"
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { type Asked, readKind, usage } from "./command-line.ts"
import { type KindName, kindNames, kinds } from "./kinds.ts"
import { namesOf } from "./names.ts"

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
}

export async function settle({ name, kind }: Asked, terminal: Terminal): Promise<{ name: string; kind: KindName }> {
  if (name !== undefined) namesOf(name)
  if (name !== undefined && kind !== undefined) return { name, kind }
  if (!terminal.input.isTTY) {
    const missing = name === undefined ? "the package's name" : `--kind: ${kindNames.join(", ")}`
    throw usage(`Give ${missing}. For example: npm create @swirl-ts/plugin my-tool -- --kind tool`)
  }
  const lines = createInterface(terminal)
  const closed = new Promise<never>((_, reject) => {
    lines.once("close", () => reject(usage("Nothing was made.")))
  })
  // Where all was answered, nobody waits for the end of the lines any more.
  closed.catch(() => {})
  try {
    return await Promise.race([askAll(lines, terminal.output, { name, kind }), closed])
  } finally {
    lines.close()
  }
}

async function askAll(
  lines: Interface,
  output: NodeJS.WritableStream,
  { name, kind }: { name?: string; kind?: KindName },
): Promise<{ name: string; kind: KindName }> {
  const ask = async <T>(question: string, read: (answer: string) => T): Promise<T> => {
    for (;;) {
      try {
        return read((await lines.question(question)).trim())
      } catch (error) {
        if (!isSwirlError(error)) throw error
        output.write(`${errorMessage(error)}\n`)
      }
    }
  }
  const chosen = name ?? (await ask("Name of the package: ", (answer) => namesOf(answer).package))
  if (kind !== undefined) return { name: chosen, kind }
  output.write(
    `${kindNames.map((each, index) => `  ${index + 1}  ${each.padEnd(15)}${kinds[each].what}`).join("\n")}\n`,
  )
  return {
    name: chosen,
    kind: await ask("Kind, by number or name: ", (answer) => kindNames[Number(answer) - 1] ?? readKind(answer)),
  }
}
