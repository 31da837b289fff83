/**
 * Reads the shards' files of one kind together: whether each shard is whole and whose its records are, and in which order
 * they go together. Trajectories and samples are in the order of the data: the k-th question of shard i is question
 * (k - 1) n + i. Verdicts are judge by judge in the order of the trajectories' ids, as one process judges them.
 */
import {
  AttemptSchema,
  type EvalSample,
  ResponseSchema,
  SwirlError,
  type Trajectory,
  VerdictSchema,
} from "@swirl-ts/core"
import { checkFileVersion, type FileVersion, fileVersion } from "@swirl-ts/kit"
import { createHash, existsSync, type Hash, join } from "@swirl-ts/platform"
import { scanRecords } from "@swirl-ts/store"
import type { ZodType, z } from "zod"
import { judgedSteps } from "./judged-steps.ts"
import type { Part } from "./part.ts"
import { RecordIndex } from "./record-index.ts"
import { stageCommand } from "./stage-command.ts"

/** One file of the run that is made. */
export interface MergedFile {
  /** In a run folder. */
  name: string
  index: RecordIndex
  /** By shard; undefined where a shard has none. */
  sources: (Source | undefined)[]
}

export interface Source {
  /** A name that ends in `.gz` is unpacked first: places are those of what is in it. */
  path: string
  version: FileVersion
}

export interface StageCount {
  stage: string
  trajectories: number
  /** Of these: ended in an error. The same command without --shard tries them again. */
  errors: number
}

export interface PartRecords {
  files: MergedFile[]
  stages: StageCount[]
  /** By shard, of everything that its files hold. */
  digests: string[]
}

/** The stage of a record, by benchmark and split. */
export type StageOf = (record: Pick<Trajectory, "benchmark" | "split">) => string | undefined

/** Of a trajectory, what others need. */
interface Known {
  part: number
  stage: string
  /** Where its question stands in the merged file: by stage, then within the shard. */
  place: readonly [stage: number, question: number]
  steps: number
  failed: boolean
}

/** Trajectories by id. */
export class Gathered {
  readonly byId: Map<string, Known>

  constructor(other?: Gathered) {
    this.byId = new Map(other?.byId)
  }

  addAll({ byId }: Gathered): void {
    for (const [id, known] of byId) this.byId.set(id, known)
  }
}

export class PartReader {
  readonly #parts: readonly Part[]
  readonly #onRecord: () => void
  readonly #files: MergedFile[] = []
  readonly #counts = new Map<string, StageCount>()
  readonly #hashes: Hash[]
  /** Stage -> the policy's name in its trajectories; in its samples by `sampled`. */
  readonly #policies = new Map<string, string>()

  constructor(parts: readonly Part[], onRecord: () => void) {
    this.#parts = parts
    this.#onRecord = onRecord
    this.#hashes = parts.map(() => createHash("sha256"))
  }

  result(): PartRecords {
    for (const [stage, settings] of Object.entries(this.#parts[0]!.spec)) {
      if (settings.shard === undefined) continue
      if (!this.#counts.has(stage)) throw this.#unfinished(this.#parts[0]!, stage, "has no trajectory of it")
      if (stage.startsWith("eval/") && !this.#policies.has(sampled(stage)))
        throw this.#unfinished(this.#parts[0]!, stage, "has no sample of it")
    }
    return {
      files: this.#files.filter(({ index }) => index.size > 0),
      stages: [...this.#counts.values()],
      digests: this.#hashes.map((hash) => hash.digest("hex").slice(0, 16)),
    }
  }

  /** Trajectories, or samples of an evaluation, each task of which is in one shard. */
  async rollouts(
    name: string,
    schema: ZodType<Trajectory> | ZodType<EvalSample>,
    stageOf: StageOf,
    gathered?: Gathered,
  ): Promise<void> {
    const file = this.#open(name)
    const stageNumbers = new Map(Object.keys(this.#parts[0]!.spec).map((stage, number) => [stage, number]))
    const tasks = new Map<string, { part: number; place: number; epochs: Set<number> }>()
    const places = new Map<string, number>()
    const found = new Map<string, number>()
    for (const [number, part] of this.#parts.entries()) {
      for await (const { record, ...place } of this.#scan(file, number, schema as ZodType<Trajectory | EvalSample>)) {
        const where = `${file.sources[number]!.path} holds ${record.id} (task ${record.taskId} of ${record.benchmark}/${record.split})`
        const stage = stageOf(record)
        if (!stage) throw foreign(where, "of which its run.json knows nothing")
        const { seed } = part.spec[stage]!
        if (record.seed !== undefined && record.seed !== seed)
          throw foreign(where, `of seed ${record.seed}, and the run's is ${seed}`)
        const policyKey = gathered ? stage : sampled(stage)
        const policy = this.#policies.get(policyKey) ?? record.policy
        this.#policies.set(policyKey, policy)
        if (record.policy !== policy)
          throw foreign(where, `of the policy ${record.policy}, and the others are of ${policy}`)
        const key = `${stage} ${record.taskId}`
        const task = tasks.get(key)
        if (task && task.part !== number)
          throw new SwirlError(
            `Task ${record.taskId} of "${stage}" is in ${this.#parts[task.part]!.directory} and in ${part.directory}: records of one task are in one shard. Make one of the two again.`,
            { kind: "usage" },
          )
        if (task?.epochs.has(record.epoch))
          throw this.#unfinished(part, stage, `holds task ${record.taskId}, epoch ${record.epoch}, twice`)
        const counted = `${stage} ${number}`
        const stageNumber = stageNumbers.get(stage)!
        if (task) task.epochs.add(record.epoch)
        else {
          places.set(counted, (places.get(counted) ?? -1) + 1)
          tasks.set(key, { part: number, place: places.get(counted)!, epochs: new Set([record.epoch]) })
        }
        found.set(counted, (found.get(counted) ?? 0) + 1)
        const standing = [stageNumber, tasks.get(key)!.place] as const
        file.index.add({ source: number, ...place }, ...standing)
        if (!gathered) continue
        const { steps, status } = record as Trajectory
        const isFailed = status === "error"
        gathered.byId.set(record.id, { part: number, stage, place: standing, steps: steps.length, failed: isFailed })
        const count = this.#counts.get(stage) ?? { stage, trajectories: 0, errors: 0 }
        count.trajectories++
        if (isFailed) count.errors++
        this.#counts.set(stage, count)
      }
    }
    const stages = new Set([...found.keys()].map((key) => key.slice(0, key.lastIndexOf(" "))))
    for (const stage of stages) {
      for (const [number, part] of this.#parts.entries()) {
        const planned = Number(part.spec[stage]!.trajectories)
        const there = found.get(`${stage} ${number}`) ?? 0
        if (there < planned) throw this.#unfinished(part, stage, `has ${there} of ${planned} records in ${name}`)
        if (there > planned)
          throw new SwirlError(
            `${part.directory} has ${there} records of "${stage}" in ${name}, more than the ${planned} that were asked for last. Give it the larger amount again (--limit, --samples, --epochs), as to all shards.`,
            { kind: "usage" },
          )
      }
    }
  }

  /** `steps`: a judge that judged a trajectory of a stage judged every step of all of it. `answers`: so for evaluations, once a trajectory. */
  async verdicts(name: string, gathered: Gathered, whole: "steps" | "answers" | "some"): Promise<void> {
    const file = this.#open(name)
    const ids = [...gathered.byId.keys()].sort()
    const ranks = new Map(ids.map((id, rank) => [id, rank]))
    const judged = judgedSteps()
    for (const [number, part] of this.#parts.entries()) {
      const seen = new Set<string>()
      for await (const { record, ...place } of this.#scan(file, number, VerdictSchema)) {
        if (seen.has(record.id))
          throw this.#unfinished(part, "judge/", `holds the verdict ${record.id} twice in ${name}`)
        seen.add(record.id)
        const known = gathered.byId.get(record.trajectoryId)
        if (!known)
          throw foreign(
            `${file.sources[number]!.path} holds a verdict on ${record.trajectoryId}`,
            "which is no trajectory of this run",
          )
        if (known.part !== number)
          throw foreign(
            `${file.sources[number]!.path} holds a verdict on ${record.trajectoryId}`,
            `which is in ${this.#parts[known.part]!.directory}`,
          )
        const phase = judged.add(record.judge, known.stage, number)
        file.index.add({ source: number, ...place }, phase, ranks.get(record.trajectoryId)!, record.step)
      }
    }
    if (whole === "some") return
    const expected = new Map<string, number>()
    for (const { part, stage, steps, failed } of gathered.byId.values()) {
      const key = `${stage} ${part}`
      expected.set(key, (expected.get(key) ?? 0) + (whole === "steps" ? steps : failed ? 0 : 1))
    }
    for (const { judge, stage, counts } of judged.all()) {
      if (whole === "answers" && !stage.startsWith("eval/")) continue
      for (const [number, part] of this.#parts.entries()) {
        const wanted = expected.get(`${stage} ${number}`) ?? 0
        const there = counts.get(number) ?? 0
        if (there < wanted)
          throw this.#unfinished(
            part,
            whole === "steps" ? "judge/" : "outcomes/",
            `has ${there} of ${wanted} verdicts of the judge ${judge} in ${name}`,
          )
      }
    }
  }

  /** In the order of their trajectories; what is of none comes last. */
  async responses(name: string, gathered: Gathered): Promise<void> {
    const file = this.#open(name)
    for (const number of this.#parts.keys()) {
      const seen = new Set<string>()
      for await (const { record, ...place } of this.#scan(file, number, ResponseSchema)) {
        if (seen.has(record.id)) continue
        seen.add(record.id)
        const last = Number.MAX_SAFE_INTEGER
        file.index.add({ source: number, ...place }, ...(gathered.byId.get(record.trajectoryId)?.place ?? [last, last]))
      }
    }
  }

  async attempts(name: string): Promise<void> {
    const file = this.#open(name)
    for (const number of this.#parts.keys())
      for await (const { record: _record, ...place } of this.#scan(file, number, AttemptSchema))
        file.index.add({ source: number, ...place })
  }

  #open(name: string): MergedFile {
    const file = { name, index: new RecordIndex(), sources: this.#parts.map(() => undefined) }
    this.#files.push(file)
    return file
  }

  async *#scan<S extends ZodType>(
    file: MergedFile,
    number: number,
    schema: S,
  ): AsyncGenerator<{ record: z.infer<S>; start: number; length: number }> {
    const plain = join(this.#parts[number]!.directory, file.name)
    const path = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain
    const version = fileVersion(path)
    if (!version) return
    file.sources[number] = { path, version }
    const hash = this.#hashes[number]!.update(`${file.name}\n`)
    for await (const { record, start, end } of scanRecords(path, schema)) {
      const { id } = record as { id?: string }
      hash.update(`${id} ${start} ${end}\n`)
      this.#onRecord()
      yield { record, start, length: end - start }
    }
    checkFileVersion(path, version)
  }

  #unfinished({ directory, spec, shard }: Part, stage: string, what: string): SwirlError {
    const commands = Object.entries(spec)
      .filter(([name]) => name === stage || (stage.endsWith("/") && name.startsWith(stage)))
      .map(([name, settings]) => `  ${stageCommand(name, settings, { shard, run: directory })}`)
    return new SwirlError(
      [`${directory} is not finished: it ${what}. To go on with it (servers and keys as before):`, ...commands].join(
        "\n",
      ),
      { kind: "usage" },
    )
  }
}

const sampled = (stage: string): string => `${stage} samples`

const foreign = (where: string, what: string): SwirlError =>
  new SwirlError(`${where}, ${what}. It belongs to another run: leave that folder out, or make it again.`, {
    kind: "usage",
  })
