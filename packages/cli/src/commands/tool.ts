import { readFile } from "node:fs/promises"
import { errorMessage, inputForm, loadToolSchema, type NamedTool, readToolInput, SwirlError } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { callWithinLimits, namedTools } from "@swirl-ts/runner"
import { toolOptions } from "../options/tables.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "tool",
  description: "call one tool: what comes back is what a model would see",
  arguments: {
    name: { help: "e.g. calculator" },
    input: {
      help: "as in an action tag: the text, number or word of its only field, or JSON; or @file",
      optional: true,
    },
  },
  options: toolOptions,
  async run({ registry, toolLimits: { tools = {}, ...all } = {}, abortSignal }, { name, input = "" }) {
    const { value: tool, fullName } = registry.resolve("tools", name)
    const text = input.startsWith("@") ? await readInput(input.slice(1)) : input
    await loadToolSchema(name, tool)
    const value = inputOf(text, namedTools({ [name]: tool })[0]!)
    const started = performance.now()
    const observation = await callWithinLimits(tool, value, {
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

/** By the rule of the action format `tags`; here a tool that takes a single text takes JSON, too. */
function inputOf(text: string, tool: NamedTool): unknown {
  if (!inputForm(tool).takesJson) {
    const value = parseJson(text)
    if (isObject(value)) return value
    if (value === undefined && /^\s*[{[]/.test(text)) throw usage(tool, `is no valid JSON: ${text}`)
  }
  const read = readToolInput(tool, text.trim())
  if ("input" in read) return read.input
  throw usage(tool, read.problem)
}

const usage = ({ name }: NamedTool, problem: string): SwirlError =>
  new SwirlError(`The input of ${name} ${problem}.`, { kind: "usage" })
