import { readFile } from "node:fs/promises"
import { callTool, errorMessage, SwirlError } from "@swirl-ts/core"
import { namedTools } from "@swirl-ts/runner"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"

export function registerTool(program: Command): void {
  withCommonOptions(
    program
      .command("tool")
      .description("call one tool")
      .argument("<name>", "e.g. calculator")
      .argument("<input>", "JSON, or @file with JSON; plain text fills the tool's only field"),
  ).action(async (name: string, input: string, options: CommonOptions) => {
    const { registry, output, abortSignal } = await openApp(options)
    const { value: tool } = registry.resolve("tools", name)
    const text = input.startsWith("@") ? await readInput(input.slice(1)) : input
    const started = performance.now()
    const observation = await callTool(tool, parseInput(text, namedTools({ [name]: tool })[0]?.tag.argument, name), {
      toolCallId: "command",
      messages: [],
      abortSignal,
    })
    const milliseconds = performance.now() - started
    output.result({ output: observation.text, isError: observation.isError, milliseconds }, observation.text)
    if (observation.isError) process.exitCode = 1
  })
}

async function readInput(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    throw new SwirlError(`The input file ${path} cannot be read: ${errorMessage(error)}`, {
      kind: "usage",
      cause: error,
    })
  }
}

function parseInput(text: string, argument: string | undefined, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === "object" && parsed !== null) return parsed
  } catch (error) {
    if (/^\s*[{[]/.test(text))
      throw new SwirlError(`The input of ${name} is not JSON: ${errorMessage(error)}`, { kind: "usage" })
  }
  if (argument) return { [argument]: text }
  throw new SwirlError(`The tool ${name} needs a JSON object as input.`, { kind: "usage" })
}
