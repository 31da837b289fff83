/**
 * The figures of docs/scale.md, measured on one node by the stages as they are: what a trajectory takes on disk and in
 * processor time, how many records are written, read and merged a second. The model is in the process and takes no time; its
 * answers are a function of conversation and seed. A short run of the local policy shows what token ids add.
 *
 *   npm run bench -- scale [--trajectories 10000 --shards 4 --folder <folder> --json]
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { gzipSync } from "node:zlib"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { createRegistry, TrajectorySchema, VerdictSchema } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { formats } from "@swirl-ts/runner"
import { generate, judge, mergeShards, type StageContext } from "@swirl-ts/stages"
import { openRecordFile, readRecords } from "@swirl-ts/store"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import inProcessModel from "./in-process-model.ts"

const { values } = parseArgs({
  options: {
    trajectories: { type: "string", default: "10000" },
    shards: { type: "string", default: "4" },
    folder: { type: "string" },
    json: { type: "boolean", default: false },
  },
})
const [trajectories, shards] = [Number(values.trajectories), Number(values.shards)]
const root = values.folder ? resolve(values.folder) : mkdtempSync(join(tmpdir(), "swirl-scale-"))

const host = { cacheDirectory: join(root, "cache"), workingDirectory: root, environment: process.env, log: () => {} }
const registry = createRegistry([inProcessModel(), sandbox(), calculator(), search(), judges(), formats(), local()])
const context = (name: string): StageContext => ({
  registry,
  host,
  directory: join(root, name),
  seed: 7,
  concurrency: 64,
  modelOptions: { backend: "wasm" },
})
const asked = { benchmarks: ["calc"], split: "train", temperature: 1, actionFormat: "tags" }

interface Cost {
  seconds: number
  processorSeconds: number
}
async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const [start, processor] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(processor)
  return { seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 }
}

const names = Array.from({ length: shards }, (_, place) => `s${place + 1}`)
const generated = await timed(async () => {
  for (const [place, name] of names.entries()) {
    const shard = { index: place + 1, count: shards }
    await generate(context(name), { ...asked, model: "fake:calc", samples: 1, limit: trajectories, shard })
  }
})
const judged = await timed(async () => {
  for (const name of names) await judge(context(name), { judge: "grounded" })
})
const all = join(root, "all")
const before = process.memoryUsage.rss()
let most = before
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 50)
let merged = { records: {} as Record<string, number> }
const mergedIn = await timed(async () => {
  merged = await mergeShards(
    names.map((name) => join(root, name)),
    all,
    { host },
  )
})
clearInterval(watch)
/** Responses of finished trajectories are gone. */
const bytesOf = (name: string): number => statSync(join(all, name), { throwIfNoEntry: false })?.size ?? 0
const bytes = {
  trajectories: bytesOf("trajectories.jsonl"),
  responses: bytesOf("responses.jsonl"),
  verdicts: bytesOf("verdicts.jsonl"),
}
const recordCount = Object.values(merged.records).reduce((sum, count) => sum + count, 0)
const recordBytes = Object.values(bytes).reduce((sum, size) => sum + size, 0)
const packed = gzipSync(readFileSync(join(all, "trajectories.jsonl"))).length

const made = await Array.fromAsync(readRecords(join(all, "trajectories.jsonl"), TrajectorySchema))
const read = await timed(async () => {
  for await (const _record of readRecords(join(all, "trajectories.jsonl"), TrajectorySchema));
})
const some = made.slice(0, 5000)
const appended = await timed(async () => {
  const file = await openRecordFile(join(root, "append.jsonl"), TrajectorySchema)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < some.length) await file.append(some[next++]!)
  }
  await Promise.all(Array.from({ length: 64 }, worker))
  await file.close()
})
const verdicts = await Array.fromAsync(readRecords(join(all, "verdicts.jsonl"), VerdictSchema))

const few = 200
await generate(context("nano"), { ...asked, model: "nano", samples: 1, limit: few })
const withTokens = statSync(join(root, "nano", "trajectories.jsonl")).size / few
if (!values.folder) rmSync(root, { recursive: true })

const steps = made.reduce((sum, each) => sum + each.steps.length, 0) / made.length
const document = {
  date: new Date().toISOString(),
  machine: `${cpus().length} x ${cpus()[0]?.model.trim() || "processor"}, Node ${process.versions.node}`,
  trajectories: made.length,
  steps,
  bytes: {
    trajectory: bytes.trajectories / made.length,
    responses: bytes.responses / made.length,
    verdicts: bytes.verdicts / made.length,
    packedTrajectory: packed / made.length,
    trajectoryWithTokenIds: withTokens,
  },
  milliseconds: {
    generate: (1000 * generated.processorSeconds) / made.length,
    judge: (1000 * judged.processorSeconds) / made.length,
    merge: (1000 * mergedIn.processorSeconds) / made.length,
  },
  perSecond: {
    appended: some.length / appended.seconds,
    read: made.length / read.seconds,
    judged: verdicts.length / judged.seconds,
    merged: recordCount / mergedIn.seconds,
    mergedMegabytes: recordBytes / 1e6 / mergedIn.seconds,
  },
  mergeBytesPerRecord: Math.max(0, most - before) / recordCount,
}
if (values.json) console.log(JSON.stringify(document, null, 2))
else {
  const { bytes, milliseconds, perSecond } = document
  const lines: [string, string][] = [
    ["trajectories", `${document.trajectories} of ${steps.toFixed(2)} steps, in ${shards} shards`],
    [
      "on disk a trajectory",
      `${bytes.trajectory.toFixed(0)} B (gzip: ${bytes.packedTrajectory.toFixed(0)} B), its responses ${bytes.responses.toFixed(0)} B, its verdicts ${bytes.verdicts.toFixed(0)} B`,
    ],
    ["with token ids, local policy", `${bytes.trajectoryWithTokenIds.toFixed(0)} B`],
    [
      "processor time a trajectory",
      `generate ${milliseconds.generate.toFixed(2)} ms, judge ${milliseconds.judge.toFixed(2)} ms, merge ${milliseconds.merge.toFixed(2)} ms`,
    ],
    ["trajectories appended", `${perSecond.appended.toFixed(0)} a second, each on disk before it counts, 64 at once`],
    ["trajectories read", `${perSecond.read.toFixed(0)} a second, each checked against its schema`],
    ["verdicts of the rule judge", `${perSecond.judged.toFixed(0)} a second`],
    [
      "merged",
      `${perSecond.merged.toFixed(0)} records a second, ${perSecond.mergedMegabytes.toFixed(1)} MB/s; ${document.mergeBytesPerRecord.toFixed(0)} B of memory a record`,
    ],
  ]
  console.log(`${document.date}  ${document.machine}`)
  for (const [what, said] of lines) console.log(`${what.padEnd(32)}${said}`)
}
