/** Streams the tasks of a split from where its files are. Nothing is held but what was asked for, and the ids seen. */
import { resolve } from "node:path"
import { exampleFiles, fileCorpus, type HostFile, locate, readRecords, splitNamed } from "@swirl-ts/bench-kit"
import { type Corpus, type LoadOptions, type Passage, SwirlError } from "@swirl-ts/core"
import { namesOf, type Setting, type Split, splits } from "./files.ts"
import { canBeShown } from "./prompt.ts"
import { type HotpotqaRecord, otherDataset, paragraphText, readRecord } from "./record.ts"
import { type HotpotqaTask, taskOf } from "./task.ts"

export interface LoadSettings {
  setting: Setting
  shots: number
  levels?: readonly string[] | undefined
  corpus?: string | undefined
  files: Partial<Record<Split, HostFile>>
}

const benchmark = "HotpotQA"

export async function* loadTasks(
  name: string,
  options: LoadOptions,
  settings: LoadSettings,
): AsyncGenerator<HotpotqaTask> {
  const { setting, shots, levels } = settings
  const { host, limit = Number.POSITIVE_INFINITY } = options
  const split = splitNamed<Split>(name, splits[setting], benchmark)
  const { files } = await find(split, options, settings)
  const examples = shots > 0 ? await firstTrainRecords(shots + 1, split, options, settings) : []
  const corpus = settings.corpus ? ownCorpus(resolve(host.workingDirectory, settings.corpus)) : splitCorpus(files)
  const places = new Map<string, string>()
  let count = 0
  if (limit <= 0) return
  for await (const { record, where } of recordsOf(files)) {
    const earlier = places.get(record._id)
    if (earlier !== undefined) {
      throw new SwirlError(`${where}: the id ${record._id} was there before, at ${earlier}. Ids have to be unique.`)
    }
    places.set(record._id, where)
    if (levels && record.level && !levels.includes(record.level)) continue
    const shown = examples.filter(({ _id, question }) => _id !== record._id && question !== record.question)
    yield taskOf(record, corpus, shown.slice(0, shots))
    if (++count >= limit) return
  }
  if (places.size === 0)
    throw new SwirlError(`${files.join(", ")} holds no question. Give HotpotQA's JSON or Parquet file.`)
}

const find = (split: Split, { host, dataPath }: LoadOptions, { setting, files }: LoadSettings) => {
  const remote = files[split] ? [files[split]] : []
  return locate<Split>({
    benchmark,
    split,
    splits: splits[setting],
    host,
    dataPath,
    remote,
    namesOf: (each) => namesOf(setting, each),
    folders: [setting],
    home: "hotpotqa",
  })
}

async function* recordsOf(files: readonly string[]): AsyncGenerator<{ record: HotpotqaRecord; where: string }> {
  for (const file of files) {
    // HotpotQA's files have no "data"; BeerQA's have, and are to be told by their records.
    for await (const { where, value } of readRecords(file, { at: "data" })) {
      const read = readRecord(value)
      if ("problem" in read) throw new SwirlError(`${where}: ${read.problem}.${otherDataset(value)}`)
      yield { record: read.record, where }
    }
  }
}

const splitCorpus = (files: readonly string[]): Corpus =>
  fileCorpus("hotpotqa", files, async function* (): AsyncGenerator<Passage> {
    for await (const { record } of recordsOf(files)) {
      for (const [title, sentences] of record.context) yield { title, text: paragraphText(sentences) }
    }
  })

/** A file of `{title, text}` records in place of the split's paragraphs. */
const ownCorpus = (path: string): Corpus =>
  fileCorpus("passages", [path], async function* (): AsyncGenerator<Passage> {
    for await (const { where, value } of readRecords(path)) {
      const { title, text } = (value ?? {}) as Record<string, unknown>
      if (typeof title !== "string" || typeof text !== "string") {
        throw new SwirlError(`${where}: a passage has "title" and "text", both texts.`)
      }
      yield { title, text }
    }
  })

async function firstTrainRecords(
  count: number,
  split: Split,
  options: LoadOptions,
  settings: LoadSettings,
): Promise<HotpotqaRecord[]> {
  const files = exampleFiles(await find("train", options, settings), split)
  const records: HotpotqaRecord[] = []
  for await (const { record } of recordsOf(files)) {
    if (canBeShown(record) && records.push(record) === count) break
  }
  return records
}
