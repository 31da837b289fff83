/** `imports.json`: what was read into a run folder, and the tools that its models were offered. */
import { type FunctionTool, type Imports, ImportsSchema } from "@swirl-ts/core"
import { readDocument, runPaths, writeDocument } from "@swirl-ts/store"
import { distinctTools } from "./function-tools.ts"

/** Adds what is not there: a file that was read before is not told again. `tools`: by the full name of their benchmark. */
export async function addToImports(
  directory: string,
  { files, tools }: { files: Imports["files"]; tools: ReadonlyMap<string, readonly FunctionTool[]> },
): Promise<void> {
  const path = runPaths(directory).imports
  const before = (await readDocument(path, ImportsSchema)) ?? { files: [], questions: {} }
  const known = new Set(before.files.map(fileKey))
  const questions = { ...before.questions }
  for (const [name, more] of tools) {
    const offered = (questions[name]?.tools ?? []).map((tool): FunctionTool => ({ type: "function", ...tool }))
    questions[name] = {
      tools: distinctTools([...offered, ...more]).map((tool) => ({
        name: tool.name,
        description: tool.description ?? "",
        inputSchema: { ...tool.inputSchema },
      })),
    }
  }
  const next = {
    schema: "swirl.imports/1",
    files: [...before.files, ...files.filter((file) => !known.has(fileKey(file)))],
    questions,
  }
  await writeDocument(path, ImportsSchema.parse(next))
}

const fileKey = ({ format, file, digest }: Imports["files"][number]): string => JSON.stringify([format, file, digest])
