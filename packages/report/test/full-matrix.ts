/** A MADE-UP matrix with every field of the record, texts that break formats among them. No number here was measured. */
import {
  type Change,
  type ChangedCell,
  type Matrix,
  type MatrixRow,
  MatrixSchema,
  type SeedsChange,
} from "@swirl-ts/core"

/** Names that Markdown, LaTeX, HTML or a spreadsheet would read as their own. */
export const hostileName = "=1+1|a_b%c&d#e$f{g}^h~i\\j<b>k</b>\"l\"`m`*n*[o]--'p'"

const cells = ["calc/test", "lookup/test", "mixed/test@1"]

function cell(
  accuracy: number,
  change: number,
  p: number,
  { change: changed, ...more }: Partial<Omit<ChangedCell, "change">> & { change?: Partial<Change> } = {},
) {
  const half = Math.abs(change) * (p <= 0.05 ? 0.8 : 1.2)
  return {
    accuracy,
    n: 298,
    questions: 298,
    ci: [accuracy - 0.05, accuracy + 0.05] as [number, number],
    unscored: 2,
    errors: 1,
    limits: 5,
    leaked: 0,
    goodSteps: { share: 0.875, n: 800 },
    goldStepRecall: { share: 0.6125, n: 290 },
    leftOut: { onlyInA: 0, onlyInB: 0, otherQuestion: 0, unscored: 2 },
    ...more,
    change: {
      value: change,
      ci: [change - half, change + half] as [number, number],
      ciMethod: "paired-bootstrap" as const,
      p,
      pMethod: "mcnemar-mid-p" as const,
      pHolm: Math.min(1, 3 * p),
      baseAccuracy: accuracy - change,
      ...changed,
    },
  }
}

function training(name: string, seed: number, own: string, shift: number): MatrixRow {
  return {
    name,
    train: own.slice(0, own.indexOf("/")),
    trainedOn: [own],
    filter: "process",
    algorithm: name.startsWith("sft") ? "sft" : "swirl",
    judge: "grounded",
    seed,
    sameFamily: cells.filter((each) => each !== own && each.startsWith("mixed")),
    cells: {
      "calc/test": cell(0.7 + shift, 0.47 + shift, 0.0001, { leaked: 3 }),
      "lookup/test": cell(0.5 + shift, 0.0411, 0.03),
      "mixed/test@1": cell(0.2, -0.12, 0.001),
    },
    kept: 142,
    budget: { trajectories: 200, states: 600 },
    used: { trajectories: 142, states: 600 },
    checkpoint: `seed-${seed}/checkpoints/40`,
  }
}

const seeds = (value: number, p: number, more: Partial<SeedsChange> = {}): SeedsChange => ({
  value,
  ci: [value - 0.04, value + 0.04],
  ciMethod: "seeds-and-questions",
  p,
  pHolm: Math.min(1, 2 * p),
  seeds: 3,
  questions: 298,
  ...more,
})

const overSeeds = (name: string) => ({
  name,
  seeds: [7, 8, 9],
  cells: {
    "calc/test": { accuracy: 0.71, change: seeds(0.48, 0.002) },
    "lookup/test": { accuracy: 0.51, change: seeds(0.05, 0.04) },
    "mixed/test@1": { accuracy: 0.2, change: seeds(-0.03, 0.3) },
  },
  offDiagonal: { ...seeds(0.05, 0.04), cells: ["lookup/test"] },
})

const baseCell = { accuracy: 0.23, n: 300, questions: 300, ci: [0.186, 0.281] as [number, number] }

export const fullMatrix: Matrix = MatrixSchema.parse({
  schema: "swirl.matrix/1",
  policy: "nano",
  judge: "grounded",
  cells,
  questions: 300,
  seeds: [7, 8, 9],
  base: { "calc/test": baseCell, "lookup/test": { ...baseCell, accuracy: 0.459 }, "mixed/test@1": baseCell },
  baseBySeed: [7, 8, 9].map((seed) => ({
    seed,
    cells: { "mixed/test@1": { ...baseCell, accuracy: 0.3 + seed / 100 } },
  })),
  rows: [
    ...[7, 8, 9].map((seed) => training("swirl-calc-process", seed, "calc/test", seed / 1000)),
    ...[7, 8].map((seed) => training("sft-calc-process", seed, "calc/test", 0)),
    {
      ...training("sft-calc-process", 9, "calc/test", 0),
      cells: {},
      outcome: "the filter kept no trajectory, so there is nothing to train on",
      used: undefined,
    },
    {
      ...training(hostileName, 7, "lookup/test", 0),
      oracle: true,
      alarms: [{ step: 20, kind: "gaming", message: "judged reward rose" }],
      cells: { "calc/test": cell(0.2, 0, 1, { change: { ci: [-0.01, 0.01], ciMethod: "none-differs" } }) },
      withoutResult: { "lookup/test": "no sample has a score: 300 errors | of the server" },
    },
    {
      name: "clean",
      train: "–",
      filter: "–",
      algorithm: "reference",
      judge: "–",
      cells: { "calc/test": cell(0.6, 0.37, 0.0001), "lookup/test": cell(0.4, -0.05, 0.06) },
    },
  ],
  overSeeds: [overSeeds("swirl-calc-process"), { ...overSeeds("sft-calc-process"), offDiagonal: undefined }],
  contrasts: [
    {
      name: "SWiRL against SFT",
      of: "swirl-calc-process",
      against: "sft-calc-process",
      declared: "before",
      cells: { "calc/test": seeds(0.11, 0.01, { seeds: 2, ciMethod: "seeds-t" }), "lookup/test": seeds(0.01, 0.8) },
      mean: { ...seeds(0.06, 0.02), cells: ["calc/test", "lookup/test"] },
    },
  ],
  columns: {
    "calc/test": { minimumDetectableEffect: 0.051 },
    "lookup/test": {
      minimumDetectableEffect: 0.083,
      coverage: { known: 290, held: 183 },
      published: [
        {
          what: "Gemma-2-27b-it",
          metric: "judged accuracy",
          value: 0.597,
          citation: "Goldie et al., SWiRL, 2025 (arXiv 2504.04736), Table 2",
        },
      ],
    },
  },
  selection: "A row is the last checkpoint of its training.",
  unfinished: ["evaluate sft-lookup-process seed 7"],
  failed: [{ job: "train sft-mixed-none seed 8", reason: "the server refused 5 times" }],
})
