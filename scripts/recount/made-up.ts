/**
 * An experiment's folder with made-up records, and the matrix that the framework collects from them: right, wrong and partial
 * scores, limits, errors and samples without a score, a sampled cell, a question that is another one in one file, and one that has
 * another reference answer; samples that two texts of a plugin scored, of which those of one cell do not say so; a training whose
 * answers are those of the base but for a few; and verdicts on the steps of more questions than are judged now.
 */
import { join } from "node:path"
import { contentHash, createRegistry, definePlugin, type Maker, makerHash, random, seedFrom } from "@swirl-ts/core"
import {
  collectMatrix,
  crossTrainings,
  defineExperiment,
  type Experiment,
  type ExperimentState,
  planJobs,
} from "@swirl-ts/experiment"
import { reportMatrix, writeMatrixFiles } from "@swirl-ts/report"
import { runPaths } from "@swirl-ts/store"
import { jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { prefixDigest } from "../../packages/stages/src/provenance/prefix-digest.ts"

const questions = 24
/** Of the first of them. */
const [judged, judgedBefore] = [5, 9]
const seeds = [3, 1, 2]
const policy = "policy"
const plugin = definePlugin({
  meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
  benchmarks: Object.fromEntries(
    ["right", "partial"].map((name) => [
      name,
      {
        description: "",
        splits: ["train", "test"],
        tools: [],
        limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
        load: () => Array.from({ length: questions }, (_, row) => ({ id: `${row}`, question: `question ${row}` })),
        prompt: () => [],
        score: () => ({ exact: 1 }),
        primaryMetric: "exact",
      },
    ]),
  ),
  judges: {
    form: {
      description: "",
      create: () => ({ identity: "made-up/form", judge: () => ({ verdict: "good", reason: "" }) }),
    },
  },
})
/** Without trainings, base and reference are measured alone. */
const experiment = (trains: boolean): Experiment =>
  defineExperiment({
    policy: "nano",
    judge: "form",
    seeds,
    cells: ["right/test", "partial/test", "right/test@1"],
    trainings: trains ? crossTrainings(["right"], ["process", "none"]) : [],
    references: [{ name: "other", policy: "nano" }],
    contrasts: [
      { of: "other", against: "base" },
      ...(trains
        ? [
            { of: "swirl-right-process", against: "swirl-right-none" },
            { name: "trained", of: "swirl-right-none", against: "other", cells: ["right/test", "partial/test"] },
          ]
        : []),
    ],
    evaluation: { questions, judged },
    details: true,
  })

/** A record of a run without a stage. */
const run = {
  schema: "swirl.run/1",
  ...{ id: "made-up", createdAt: "2026-01-01", spec: {}, specHash: "made-up", digests: {}, machine: {} },
}

/** What has not come to its end in a part of the experiment: a training, and two evaluations. */
const partly: ExperimentState = {
  failed: [{ job: "train swirl-right-process seed 1", reason: "nothing was kept" }],
  unfinished: ["evaluate swirl-right-none seed 2", "evaluate other"],
}

export interface MadeUp {
  /**
   * How much there is: all; all but what failed and was not finished; the base's first evaluation alone, or a part of that, whose
   * last cells were asked for fewer questions before.
   */
  extent?: "all" | "part" | "begun" | "raised"
  /** Default: true. */
  trains?: boolean
}

/** Returns the folder; `seed` decides every record. */
export async function madeUpExperiment(seed: number, { extent = "all", trains = true }: MadeUp = {}): Promise<string> {
  const planned = experiment(trains)
  const jobs = planJobs(planned)
  const done = extent === "begun" || extent === "raised" ? jobs.filter(({ id }) => id === "evaluate base") : jobs
  const begun = { failed: [], unfinished: jobs.filter((job) => !done.includes(job)).map(({ id }) => id) }
  const raised = { failed: [], unfinished: jobs.map(({ id }) => id) }
  const state = { all: undefined, part: partly, begun, raised }[extent]
  const isFailed = (row: string, ofRun: number): boolean =>
    extent === "part" && (row === "other" || (row === "swirl-right-process" && ofRun === 1))
  const files: Record<string, unknown> = {}
  for (const job of done) {
    const at = (path: string): string => join(job.folder, path)
    if (job.kind === "generate") files[at("trajectories.jsonl")] = jsonLines(trajectories)
    if (job.kind === "train") {
      const { name, filter, algorithm } = job.training
      files[at("run.json")] = {
        ...run,
        spec: { [`train/${name}`]: { strategy: filter, algorithm, judge: planned.judge, seed: job.seed } },
      }
      files[at(`train/${name}/selection.json`)] = {
        folders: [{ directory: "../right", selection: { ids: ["a", "c"] } }],
      }
      if (isFailed(name, job.seed)) continue
      const alarms = job.seed === 2 ? [{ kind: "gaming", message: "the judge is pleased" }] : []
      files[at(`train/${name}/metrics.jsonl`)] = jsonLines(metricsOf(seed, job.seed, alarms))
      files[at(`train/${name}/result.json`)] = {
        schema: "swirl.training-result/1",
        name,
        checkpoint: "made-up/checkpoints/1",
        alarms: alarms.map((alarm) => ({ step: 1, ...alarm })),
        ...{ steps: 1, considered: 3, kept: 2, keptRight: 1, unscored: 0, oracle: false, seconds: 1 },
        peakMemoryBytes: 1.25e9 + seed,
      }
    }
    if (job.kind !== "evaluate" || isFailed(job.row, job.seed)) continue
    const stages: Record<string, unknown> = {}
    const digests: Record<string, string> = {}
    const madeBy: Record<string, Maker[]> = {}
    for (const [benchmark, temperature] of cellsOf(planned)) {
      const { samples, trajectories } = runPaths(job.folder).evaluation(policy, benchmark, temperature)
      const made = samplesOf(seed, job, benchmark, temperature)
      const isCut = extent === "part" && state?.unfinished.includes(job.id) && temperature === 1
      const asked = extent === "raised" && !benchmark.endsWith("right") ? questions / 2 : questions
      files[samples] = jsonLines(made.filter(({ taskId }, place) => (!isCut || place >= 10) && Number(taskId) < asked))
      files[trajectories] = jsonLines(
        made.map(({ taskId, trajectoryId: id, status }) => ({
          id,
          taskId,
          ...answersOf(seed, id, status),
          prompt: prompt(taskId),
        })),
      )
      const stage = `eval/${policy}/${benchmark}${temperature === 0 ? "" : `@${temperature}`}/test`
      stages[stage] = { model: job.model ?? "local:made-up/checkpoints/1", limit: asked }
      madeBy[stage] = makers
      const digest = prefixDigest()
      for (let question = 0; question < asked; question++) digest.add(JSON.stringify(prompt(`${question}`)))
      digests[`${stage}: prompts`] = digest.value()
    }
    const { coverage, verdicts } = runPaths(job.folder).evaluation(policy, "right")
    files[verdicts] = jsonLines(
      cellsOf(planned).flatMap(([benchmark, temperature]) => verdictsOn(seed, job, benchmark, temperature)),
    )
    files[coverage] = { schema: "swirl.coverage/1", cells: { "made-up/right/test": coverageOf(seed) } }
    const before = (files[at("run.json")] ?? run) as typeof run
    files[at("run.json")] = { ...before, spec: { ...before.spec, ...stages }, digests, makers: madeBy }
  }
  const directory = temporaryFolder(files)
  const matrix = await collectMatrix(
    { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 },
    planned,
    state,
  )
  await writeMatrixFiles(directory, "Made up", reportMatrix(matrix))
  return directory
}

const cellsOf = ({ cells }: Experiment): [benchmark: string, temperature: number][] =>
  cells.map((cell) => [`made-up/${cell.split("/")[0]}`, cell.endsWith("@1") ? 1 : 0])

/** Two steps and a tick of time, roll-outs first; the second step's time is not known. */
const metricsOf = (seed: number, ofRun: number, alarms: object[]): object[] =>
  [0, 1, 2, 3].map((step) => ({
    schema: "swirl.metric/1",
    step,
    values:
      step === 0
        ? { rolloutAccuracy: 0.5 }
        : {
            ...{
              sampledTokens: 100 * step + seed,
              trainedTokens: 7 * ofRun,
              seconds: step === 2 ? null : 0.1 * step + seed,
            },
            ...(step === 1 ? { candidateTokens: 11 } : step === 3 ? { roundTokens: 13, episodeTokens: 17 } : {}),
          },
    alarms: step === 1 ? alarms : [],
  }))

/** What was said before the answer: some of it cannot be read, some was cut off. */
function answersOf(seed: number, id: string, status: string): object {
  const draw = random(seedFrom("answers", seed, id, status))
  const steps = Array.from({ length: draw.integer(1, 4) }, (_, index) => ({
    index,
    kind: draw.next() < 0.2 ? "malformed" : "answer",
    text: "",
    finishReason: draw.next() < 0.1 ? "length" : "stop",
  }))
  return {
    schema: "swirl.trajectory/1",
    ...{ benchmark: "made-up/right", split: "test", epoch: 0, seed: 1, policy, actionFormat: "tags", question: "" },
    steps,
    status: status === "limit" ? "step-limit" : status === "error" ? "error" : "answered",
    usage: { inputTokens: 1, outputTokens: draw.integer(1, 90) },
  }
}

const trajectories = ["a", "b", "c"].map((id) => ({ id, benchmark: "made-up/right", steps: [] }))

const makers = ["aa", "bb"].map(
  (text): Maker => ({
    since: "",
    swirl: "1.0.0",
    plugins: { "made-up": "1.0.0" },
    texts: { "made-up": text },
    machine: {},
  }),
)

const prompt = (taskId: string) => [{ content: `question ${taskId}`, role: "system" }]

const trajectoryOf = (benchmark: string, temperature: number, taskId: string): string =>
  `${benchmark}@${temperature} ${taskId}`

const leak = { kind: "13-gram", seen: { benchmark: "made-up/right", split: "train", taskId: "7", use: "training" } }

interface MadeUpJob {
  row: string
  seed: number
}

function samplesOf(seed: number, { row, seed: ofRun }: MadeUpJob, benchmark: string, temperature: number) {
  const isNear = row === "swirl-right-none" && benchmark.endsWith("right") && temperature === 0
  const of = isNear ? ["base", seeds[0]!] : [row, ofRun]
  const draw = random(seedFrom("made up", seed, ...of, benchmark, temperature))
  const other = random(seedFrom("other", seed, row, ofRun))
  const share = 0.3 + 0.4 * draw.next()
  const samples = Array.from({ length: questions }, (_, question) => {
    const kind = draw.next()
    const status = kind < 0.8 ? "scored" : kind < 0.9 ? "limit" : kind < 0.95 ? "unscored" : "error"
    const isOther = isNear && other.next() < 0.2
    const right = draw.next() < share !== isOther ? 1 : 0
    const exact = status === "limit" ? 0 : benchmark.endsWith("partial") ? draw.integer(0, 3) / 3 : right
    return {
      schema: "swirl.eval-sample/1",
      id: contentHash([row, ofRun, benchmark, temperature, question]),
      taskId: `${question}`,
      trajectoryId: trajectoryOf(benchmark, temperature, `${question}`),
      questionHash: contentHash(row === "other" && question === 5 ? "another question" : `question ${question}`),
      referenceHash: contentHash(row === "other" && question === 7 ? "another reference" : "reference"),
      ...(benchmark.endsWith("partial") ? {} : { maker: makerHash(makers[question < 9 ? 0 : 1]!) }),
      ...{ benchmark, split: "test", epoch: 0, policy, temperature, seed: ofRun, primaryMetric: "exact", status },
      ...(draw.next() < 0.1 ? { leak } : question === 3 ? { leakGuard: "off" } : {}),
      metrics: status === "error" || status === "unscored" ? {} : { exact },
    }
  })
  return draw.shuffle(samples)
}

/** Two steps a question; the last one was judged by another judge, too. */
function verdictsOn(seed: number, { row, seed: ofRun }: MadeUpJob, benchmark: string, temperature: number): object[] {
  const draw = random(seedFrom("verdicts", seed, row, ofRun, benchmark, temperature))
  return Array.from({ length: judgedBefore }, (_, question) => {
    const trajectoryId = trajectoryOf(benchmark, temperature, `${question}`)
    return [0, 1, 1].map((step, place) => {
      const judge = place === 2 ? "made-up/another" : "made-up/form"
      const verdict = draw.next() < 0.1 ? "unscored" : draw.next() < 0.6 ? "good" : "bad"
      const id = contentHash([trajectoryId, step, judge])
      return { schema: "swirl.verdict/1", id, trajectoryId, step, judge, verdict, reason: "" }
    })
  }).flat()
}

/** Of every third question no gold passage is known, of every twelfth one is missing. */
const coverageOf = (seed: number): object =>
  Object.fromEntries(
    Array.from({ length: questions }, (_, row) => [
      row,
      {
        corpus: "made-up",
        gold: (row + seed) % 3 === 0 ? [] : ["one", "other"],
        missing: (row + seed) % 12 === 1 ? ["other"] : [],
      },
    ]),
  )
