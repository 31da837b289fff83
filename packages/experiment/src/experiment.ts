/**
 * An experiment is data: which trainings, from which policy and judge, measured on which cells, over which seeds.
 * Everything that runs follows from this and the seeds.
 */
import {
  type Budget,
  BudgetSchema,
  contentHash,
  leakModes,
  parseCell,
  SwirlError,
  schemaProblems,
  suggestion,
  TemperatureSchema,
} from "@swirl-ts/core"
import { z } from "zod"

const CellSchema = z.string().refine((name) => parseCell(name) !== undefined, {
  error: "a cell is <benchmark>/<split>, with @<temperature> where it is not greedy, e.g. calc/test-new or calc/test@1",
})

/** An object that has no other keys: a slip is told with what was meant. */
const strict = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => `"${key}" is unknown.${suggestion(key, Object.keys(shape))}`).join(" ")
        : undefined,
  })

/** A list in which nothing stands twice. */
const distinct = <Item extends z.ZodType>(item: Item) =>
  z.array(item).refine((list) => new Set(list).size === list.length, { error: "something stands in it twice" })

const FolderNameSchema = z
  .string()
  .regex(/^(?!\.)[^/\\]+$/, "it is the name of a folder, too: without slashes, and no dot at its start")

const LimitsSchema = strict({
  toolCalls: z.int().nonnegative().optional(),
  steps: z.int().positive().optional(),
  stepTokens: z.int().positive().optional(),
  trajectoryTokens: z.int().positive().optional(),
})

const PlannedTrainingSchema = strict({
  /** Shown in tables, used as folder name. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "lower-case letters, digits, dots and dashes"),
  /** Benchmarks whose training trajectories are used. */
  train: distinct(z.string()).min(1),
  filter: z.string(),
  algorithm: z.string().default("swirl"),
  /** Default: the experiment's judge. An oracle judge is labelled in every table. */
  judge: z.string().optional(),
  /** Of its own judge. */
  judgeOptions: z.record(z.string(), z.unknown()).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
  /** How much it may take of what the filter keeps: `{ trajectories: 500 }` or `{ states: 1500 }`. Default: all. */
  budget: BudgetSchema.optional(),
}).refine(({ judge, judgeOptions }) => judge !== undefined || judgeOptions === undefined, {
  path: ["judgeOptions"],
  error: 'they are those of a judge of its own, which it does not have: name it as "judge", too',
})
export type PlannedTraining = z.infer<typeof PlannedTrainingSchema>

/** The row, and the folder, of the policy that trainings start from. */
export const baseRow = "base"

const ExperimentSchema = strict({
  name: z.string().default("experiment"),
  policy: z.string(),
  judge: z.string(),
  /** What the judge is created with, e.g. `{ model: "openai:gpt-4.1-mini", votes: 3 }` for `llm`. */
  judgeOptions: z.record(z.string(), z.unknown()).default({}),
  engine: z.string().default("local"),
  /** What the engine is created with for every training, e.g. `{ lora: 16, precision: "bf16" }` for `local`. */
  engineOptions: z.record(z.string(), z.unknown()).optional(),
  /** Of every local model's weights, those that are trained among them: `bf16` asks for the native backend. */
  precision: z.enum(["f32", "bf16", "auto"]).optional(),
  actionFormat: z.string().default("tags"),
  /** Of every conversation, in place of the benchmarks' own. */
  limits: LimitsSchema.optional(),
  /** The wording of every first prompt: a template's file, from the working directory. Default: each benchmark's own. */
  prompt: z.string().min(1).optional(),
  /** Worked examples before each question. Default: as the benchmarks' own options say. */
  shots: z.int().nonnegative().optional(),
  seeds: distinct(z.int().nonnegative()).min(1).default([7]),
  /** `<benchmark>/<split>`, greedy unless it ends in `@<temperature>`. */
  cells: distinct(CellSchema).min(1),
  trainings: z.array(PlannedTrainingSchema),
  /** Asked before the run: the accuracy of one row less that of another, over seeds and questions of both. */
  contrasts: z
    .array(
      strict({
        /** Default: `<of> against <against>`. */
        name: z.string().min(1).optional(),
        /** Rows: a training, a reference, or `base`. */
        of: z.string(),
        against: z.string(),
        /** Default: all of the experiment. */
        cells: distinct(z.string()).min(1).optional(),
      }),
    )
    .default([]),
  /** Policies that are only measured, as reference rows; each asked in a way of its own, where it says one. */
  references: z
    .array(
      strict({
        name: FolderNameSchema,
        /** Default: the experiment's. */
        policy: z.string().optional(),
        prompt: z.string().min(1).optional(),
        shots: z.int().nonnegative().optional(),
        actionFormat: z.string().optional(),
        limits: LimitsSchema.optional(),
        /** `none`: no tool at all, and the prompt asks to think aloud: chain of thought. */
        tools: z.literal("none").optional(),
      }),
    )
    .default([]),
  generation: strict({
    tasks: z.int().positive(),
    samples: z.int().positive(),
    temperature: TemperatureSchema,
  }).default({ tasks: 600, samples: 1, temperature: 1 }),
  evaluation: strict({
    questions: z.int().positive(),
    /** So many first questions of every cell are passed over, e.g. those of a training split that trainings take. */
    skip: z.int().nonnegative().optional(),
    /** How often a question of a sampled cell is asked; a greedy one is asked once. */
    epochs: z.int().positive().default(1),
    /** By `<full name of the benchmark>/<split>`: these questions alone. */
    ids: z.record(z.string(), z.array(z.string())).optional(),
    /** Of how many questions a cell the experiment's judge is asked about the steps; default: none, for a judge may cost money. */
    judged: z.int().positive().optional(),
  }).default({ questions: 300, epochs: 1 }),
  /** Beside accuracies: how the questions were answered (answered, well-formed steps, tokens), and what trainings cost. */
  details: z.boolean().default(false),
  /** US dollars for a million tokens, by model string: what `--plan` says of money is from here. */
  prices: z
    .record(z.string(), strict({ input: z.number().nonnegative(), output: z.number().nonnegative() }))
    .default({}),
  /** Algorithm options for every training; a training's own go first. */
  training: z.record(z.string(), z.unknown()).default({}),
  /** Fresh roll-outs while training, on training-split tasks that no recorded trajectory comes from; 0 switches them off. */
  rolloutTasks: z.int().nonnegative().default(100),
  /** What becomes of questions that a row's policy has seen before they measure it. */
  leak: z.enum(leakModes).default("refuse"),
})
export type Experiment = z.infer<typeof ExperimentSchema>
export type ExperimentInput = z.input<typeof ExperimentSchema>

/** For `experiment.ts` files: checks the shape at once, with a sentence for each fault. */
export const defineExperiment = (input: ExperimentInput): Experiment => readExperiment(input, "The experiment")

/** What a file gave, whatever it is; `whose`: e.g. `The experiment mine.ts`. */
export function readExperiment(input: unknown, whose: string): Experiment {
  const parsed = ExperimentSchema.safeParse(input)
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error, input)
    throw new SwirlError(`${whose} cannot be run: ${problems}${/[.?]$/.test(problems) ? "" : "."}`, { kind: "usage" })
  }
  const names = [baseRow, ...[...parsed.data.trainings, ...parsed.data.references].map((row) => row.name)]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice)
    throw new SwirlError(`${whose} cannot be run: two of its rows are called "${twice}"; give each its own name.`, {
      kind: "usage",
    })
  checkContrasts(parsed.data, names, whose)
  return parsed.data
}

function checkContrasts({ contrasts, cells }: Experiment, rows: readonly string[], whose: string): void {
  const refuse = (where: string, problem: string): never => {
    throw new SwirlError(`${whose} cannot be run: the contrast ${where}: ${problem}`, { kind: "usage" })
  }
  const known = (where: string, what: string, name: string, names: readonly string[]): void => {
    if (!names.includes(name))
      refuse(where, `there is no ${what} "${name}".${suggestion(name, names)} There is ${names.join(", ")}.`)
  }
  const met = new Set<string>()
  for (const contrast of contrasts) {
    const { of, against } = contrast
    const name = contrastName(contrast)
    const where = `"${name}"`
    for (const row of [of, against]) known(where, "row", row, rows)
    for (const cell of contrast.cells ?? []) known(where, "cell", cell, cells)
    if (of === against) refuse(where, `it compares "${of}" with itself. Name another row: ${rows.join(", ")}.`)
    if (met.has(name)) refuse(where, "another one has the same name; give each its own.")
    met.add(name)
  }
}

export const contrastName = ({ name, of, against }: Experiment["contrasts"][number]): string =>
  name ?? `${of} against ${against}`

export interface ExperimentJudge {
  judge: string
  options: Readonly<Record<string, unknown>>
}

/** A training's own judge, or the experiment's. */
export function judgeOf(experiment: Experiment, training?: PlannedTraining): ExperimentJudge {
  const { judge, judgeOptions: options = {} } = training?.judge === undefined ? experiment : training
  return { judge, options } as ExperimentJudge
}

/** Tells judges apart that have one name and other options. */
export const judgeLabel = ({ judge, options }: ExperimentJudge): string =>
  Object.keys(options).length > 0 ? `${judge}-${contentHash(options, 8)}` : judge

/**
 * Train tasks x filters, as trainings named `<algorithm>-<task>-<filter>`; with budgets each of them once a budget, named
 * `…-t500` where it may take 500 trajectories, `…-s1500` where 1,500 states.
 */
export function crossTrainings(
  train: readonly string[],
  filters: readonly string[],
  algorithm = "swirl",
  budgets: readonly (Budget | undefined)[] = [undefined],
): PlannedTraining[] {
  return train.flatMap((task) =>
    filters.flatMap((filter) =>
      budgets.map((budget) => ({
        name: `${algorithm}-${task}-${filter}${suffixOf(budget)}`.replace(/[^a-z0-9.-]+/g, "-"),
        train: [task],
        filter,
        algorithm,
        options: {},
        budget,
      })),
    ),
  )
}

const suffixOf = (budget: Budget | undefined): string =>
  budget === undefined ? "" : "states" in budget ? `-s${budget.states}` : `-t${budget.trajectories}`
