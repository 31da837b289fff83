import { readFile } from "node:fs/promises"
import { errorMessage, loadToolSchema, SwirlError } from "@swirl-ts/core"
import { callWithinLimits, namedTools } from "@swirl-ts/runner"
import { toolOptions } from "../options/tables.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "tool",
  description: "call one tool: what comes back is what a model would see",
  arguments: {
    name: { help: "e.g. calculator" },
    input: { help: "JSON, or @file with JSON; plain text fills the tool's only field" },
  },
  options: toolOptions,
  async run({ registry, toolLimits: { tools = {}, ...all } = {}, abortSignal }, { name, input }) {
    const { value: tool, fullName } = registry.resolve("tools", name)
    const text = input.startsWith("@") ? await readInput(input.slice(1)) : input
    await loadToolSchema(name, tool)
    const started = performance.now()
    const given = parseInput(text, namedTools({ [name]: tool })[0]?.tag.argument, name)
    const observation = await callWithinLimits(tool, given, {
      ...all,
      ...tools[fullName],
      name,
      fullName,
      toolCallId: "command",
      messages: [],
      abortSignal,
    })
    const milliseconds = performance.now() - started
    return { output: observation.text, isError: observation.isError, milliseconds }
  },
  text: ({ output }) => output,
  exitCode: ({ isError }) => (isError ? 1 : 0),
})

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
