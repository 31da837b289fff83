/**
 * The questions that a policy has seen: `seen.jsonl` beside the selection of its training, and in each of its checkpoints, so
 * that a checkpoint takes them along wherever it is copied. They add up over trainings that begin with a trained policy.
 */
import { type SeenQuestion, SeenQuestionSchema } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import {
  basename,
  dirname,
  existsSync,
  isAbsolute,
  join,
  readdir,
  readFile,
  resolve,
  sep,
  statSync,
} from "@swirl-ts/platform"
import { type RunPaths, readRecords } from "@swirl-ts/store"
import { policyDirectory, type StageContext } from "../context.ts"

/** In a folder of weights, as in the training's. */
const fileName = "seen.jsonl"

export interface SeenByPolicy {
  /** Absent where nothing is on record, as of a model that was trained elsewhere. */
  questions?: SeenQuestion[]
  /** Where the policy lies in a folder, and could have brought a record. */
  directory?: string
}

export async function seenByPolicy(context: StageContext, name: string): Promise<SeenByPolicy> {
  const directory = await policyDirectory(context, name)
  if (directory === undefined) return {}
  const file = [join(directory, fileName), ...besideCheckpoints(directory)].find((candidate) => existsSync(candidate))
  if (file === undefined) return { directory }
  const questions: SeenQuestion[] = []
  for await (const question of readRecords(file, SeenQuestionSchema)) questions.push(question)
  return { directory, questions }
}

/** Of a checkpoint whose training has not ended: what the training has written for all of them. */
function besideCheckpoints(directory: string): string[] {
  const checkpoints = dirname(resolve(directory))
  return basename(checkpoints) === "checkpoints" ? [join(dirname(checkpoints), fileName)] : []
}

/** Each question once a use and training. */
export function writeSeen(file: string, questions: Iterable<SeenQuestion>): Promise<void> {
  const lines = new Set<string>()
  for (const question of questions) lines.add(`${JSON.stringify(question)}\n`)
  return writeFileAtomic(file, [...lines].join(""))
}

/** Puts the record into every checkpoint that a training left in its own folder: a `checkpoint` elsewhere is somebody's model. */
export async function giveSeen(paths: ReturnType<RunPaths["training"]>, checkpoint: string): Promise<void> {
  const seen = await readFile(paths.seen)
  const steps = (await readdir(paths.checkpoints).catch(() => [])).filter((name) => !name.startsWith("."))
  const folders = new Set(steps.map((step) => join(paths.checkpoints, step)))
  if (isAbsolute(checkpoint) && resolve(checkpoint).startsWith(resolve(paths.directory) + sep))
    folders.add(resolve(checkpoint))
  for (const folder of folders) {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false
    if (isFolder) await writeFileAtomic(join(folder, fileName), seen)
  }
}
