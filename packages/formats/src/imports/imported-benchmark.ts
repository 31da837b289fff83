/**
 * The questions of a run folder's imports as benchmarks, `imported/<name>`: so that commands find the questions of trajectories
 * that belong to no benchmark. They have no score of ours: what the other tool's scorers said stands in `imported.jsonl`.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import {
  type Benchmark,
  createRegistry,
  definePlugin,
  errorMessage,
  type ImportedRecord,
  ImportedSchema,
  type Imports,
  ImportsSchema,
  importedOwner,
  instructions,
  isImportedBenchmark,
  type Plugin,
  type Registry,
  SwirlError,
  shortName,
  type Task,
} from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"

/** The one split that they have. */
export const importedSplit = "log"

/** The registry and the imported questions of a run folder; the same registry where there are none. */
export function withImported(registry: Registry, directory: string): Registry {
  const plugin = importedPlugin(directory)
  if (!plugin) return registry
  const { plugins, broken, notices } = registry
  return { ...createRegistry([...plugins, plugin]), broken, notices }
}

function importedPlugin(directory: string): Plugin | undefined {
  const names = Object.keys(readImportsNow(directory)?.questions ?? {}).filter(isImportedBenchmark)
  if (names.length === 0) return undefined
  return definePlugin({
    meta: { name: importedOwner, version: "1.0.0", apiVersion: 1 },
    benchmarks: Object.fromEntries(names.map((name) => [shortName(name), importedBenchmark(directory, name)])),
  })
}

/** What was imported into a folder; undefined where nothing was. Read at once: it is needed before any command begins. */
function readImportsNow(directory: string): Imports | undefined {
  const { imports } = runPaths(directory)
  if (!existsSync(imports)) return undefined
  try {
    return ImportsSchema.parse(JSON.parse(readFileSync(imports, "utf8")))
  } catch (error) {
    throw new SwirlError(
      `${imports} cannot be read: ${errorMessage(error).split("\n")[0]}. Import the logs anew into another folder (--run), or use the swirl-ts that wrote it.`,
      { kind: "usage", cause: error },
    )
  }
}

function importedBenchmark(directory: string, fullName: string): Benchmark {
  return {
    description: `questions of an import into ${directory}`,
    splits: [importedSplit],
    tools: [],
    limits: { toolCalls: 10, steps: 12, stepTokens: 1024, trajectoryTokens: 32_768 },
    load: () => importedTasks(directory, fullName),
    prompt: ({ question }, context) => [
      { role: "user", content: [{ type: "text", text: instructions(question, "", context) }] },
    ],
    score: () => {
      throw new SwirlError(
        `the questions of ${fullName} were imported and have no scorer here: the log's own scores stand in ${join(directory, "imported.jsonl")}. Import with --benchmark <name> to match them with a benchmark's`,
      )
    },
    primaryMetric: "accuracy",
  }
}

async function* importedTasks(directory: string, fullName: string): AsyncGenerator<Task> {
  const met = new Set<string>()
  for await (const record of readRecords(runPaths(directory).imported, ImportedSchema)) {
    if (record.benchmark !== fullName || met.has(record.taskId)) continue
    met.add(record.taskId)
    yield taskOf(record)
  }
}

function taskOf({ taskId, question, references = [] }: ImportedRecord): Task {
  const [answer] = references
  return { id: taskId, question, ...(answer === undefined ? {} : { answer, acceptedAnswers: references }) }
}
