/** Made-up records in both schemas, and files of them, for this package's tests. */
import { join } from "node:path"
import type { Passage } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import type { Setting } from "../src/files.ts"
import { type BenchmarkOptions, createBenchmark, type HotpotqaTask } from "../src/index.ts"

export const context = [
  ["Rome", ["Rome is a city.", " It has seven hills."]],
  ["Tiber", ["The Tiber is a river."]],
  ["Oslo", ["Oslo is far away."]],
] as const
export const record = (id: string, more: object = {}) => ({
  _id: id,
  question: `Where does ${id} flow?`,
  answer: "Rome",
  type: "bridge",
  level: "hard",
  supporting_facts: [
    ["Tiber", 0],
    ["Rome", 1],
    ["Rome", 0],
  ],
  context,
  ...more,
})
export const hubRecord = (id: string) => {
  const { _id, supporting_facts: facts, ...rest } = record(id)
  return {
    id: _id,
    ...rest,
    supporting_facts: { title: facts.map(([title]) => title), sent_id: facts.map(([, sentence]) => sentence) },
    context: { title: context.map(([title]) => title), sentences: context.map(([, sentences]) => sentences) },
  }
}

export const fileOf = (content: unknown) => join(temporaryFolder({ "data.txt": content }), "data.txt")

export async function load(
  dataPath: string,
  options: BenchmarkOptions & { setting?: Setting; split?: string; limit?: number } = {},
): Promise<HotpotqaTask[]> {
  const { setting = "distractor", split = "dev", limit, ...settings } = options
  const tasks: HotpotqaTask[] = []
  const asked = { host: testHost(), dataPath, limit }
  for await (const task of createBenchmark(setting, settings).load(split, asked)) tasks.push(task)
  return tasks
}
export const passages = async (task: HotpotqaTask): Promise<Passage[]> => {
  const all: Passage[] = []
  for await (const passage of task.corpus.passages()) all.push(passage)
  return all
}
export const plain = (tasks: readonly HotpotqaTask[]) => tasks.map(({ corpus: _corpus, ...task }) => task)
