/**
 * What counts as right for recorded questions, from the data that they were asked from. Nothing is downloaded for it, and
 * a question that the data have otherwise now has no reference: none is better than another question's.
 */
import { contentHash, errorMessage, firstLine, type Task, type TaskReference } from "@swirl-ts/core"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { dataPathOf, type StageContext } from "../context.ts"
import { loadTasks } from "../tasks.ts"
import { offline } from "./offline.ts"

export interface RecordedReferences {
  /** Of a question of the records in `directory`; `questionHash` is that of its text. Undefined where it is not known. */
  of(directory: string, asked: TaskReference & { questionHash?: string }): Promise<readonly string[] | undefined>
  /** Ends the reading of what was not read to its end. */
  close(): Promise<void>
}

/** A split is read once, as far as needed; of its tasks the answers are kept alone. */
export function recordedReferences(context: StageContext): RecordedReferences {
  const splits = new Map<string, Split>()
  const places = new Map<string, Promise<string | undefined>>()
  const own = offline(context)
  return {
    async of(directory, { benchmark, split, taskId, questionHash }) {
      if (!context.registry.has("benchmarks", benchmark)) return undefined
      const cell = `${directory}\n${benchmark}\n${split}`
      const place = places.get(cell) ?? dataPathOnRecord(context, directory, benchmark, split)
      places.set(cell, place)
      const dataPath = await place
      const key = JSON.stringify([benchmark, split, dataPath])
      const open = splits.get(key) ?? openSplit(own, { directory, benchmark, split, dataPath })
      splits.set(key, open)
      const known = await open.find(taskId)
      return known && (questionHash === undefined || known.hash === questionHash) ? known.answers : undefined
    },
    async close() {
      for (const { close } of splits.values()) await close()
    },
  }
}

interface Known {
  hash: string
  answers: readonly string[]
}
interface Split {
  find(taskId: string): Promise<Known | undefined>
  close(): Promise<void>
}

function openSplit(
  context: StageContext,
  { directory, benchmark, split, dataPath }: { directory: string; benchmark: string; split: string; dataPath?: string },
): Split {
  const dataPaths = dataPath === undefined ? context.dataPaths : { ...context.dataPaths, [benchmark]: dataPath }
  const tasks = loadTasks({ ...context, dataPaths }, directory, benchmark, split)
  const found = new Map<string, Known>()
  let ended = false
  const readOn = async (): Promise<void> => {
    try {
      const { value, done } = await tasks.next()
      if (done) ended = true
      else found.set(value.id, { hash: contentHash(value.question), answers: answersOf(value) })
    } catch (error) {
      context.abortSignal?.throwIfAborted()
      ended = true
      context.host.log(`Right answers of ${benchmark}/${split} are not shown: ${firstLine(errorMessage(error))}`)
    }
  }
  return {
    async find(taskId) {
      while (!found.has(taskId) && !ended) await readOn()
      return found.get(taskId)
    },
    async close() {
      ended = true
      await tasks.return(undefined)
    },
  }
}

const answersOf = ({ answer, acceptedAnswers = answer === undefined ? [] : [answer] }: Task): readonly string[] => [
  ...new Set(acceptedAnswers),
]

/** `--data`, else what the stage that asked them read. */
async function dataPathOnRecord(
  context: StageContext,
  directory: string,
  benchmark: string,
  split: string,
): Promise<string | undefined> {
  const given = dataPathOf(context, benchmark)
  if (given !== undefined) return given
  const spec = ((await readRun(directory))?.spec ?? {}) as RunSpec
  // `eval/<policy>/<benchmark>@1/<split>`
  const isOf = (stage: string): boolean => stage.replace(/@[^/@]*(?=\/[^/]+$)/, "").endsWith(`/${benchmark}/${split}`)
  const paths = Object.entries(spec).flatMap(([stage, { dataPath }]) =>
    isOf(stage) && typeof dataPath === "string" ? [dataPath] : [],
  )
  return paths[0]
}
