import { differsInWords } from "@swirl-ts/core"
import { beside, changeInterval, leftOutOfQuestions, percent, points, sizeColumns } from "@swirl-ts/report"
import { type ComparedCell, type ComparedPolicy, type Comparison, compareAllCells } from "@swirl-ts/stages"
import { ciOptions, writeCiFiles } from "../ci/ci-files.ts"
import { comparisonChecks, comparisonReport } from "../ci/comparison-report.ts"
import { change, temperaturePair } from "../options/values.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "compare",
  description: "two evaluations on the same questions, paired, with intervals",
  arguments: {
    a: { help: "a run folder, its folder eval/<policy> where it has several, or one .jsonl file of that" },
    b: { help: "the same for the other policy" },
  },
  options: {
    temperatures: {
      value: "<a,b>",
      help: "compare cells of a at the one temperature with cells of b at the other, e.g. 0,1: greedy against sampled",
      parse: temperaturePair,
    },
    threshold: {
      value: "<change>",
      help: "exit code 100 where b's score is not a's and so much more, e.g. -0.02: two points less are let pass",
      parse: change,
    },
    failOnWorse: { help: "exit code 100 where b is worse than a by its whole interval" },
    ...ciOptions,
  },
  async run({ registry, seed, host }, given) {
    const { a, b, temperatures } = given
    const compared = await compareAllCells(registry, a, b, seed, temperatures)
    await writeCiFiles(host, given, () => {
      const { policies, cells } = compared
      const notes = [
        ...policyLines(policies),
        ...cells.flatMap((cell) => notesOf(cell, isOne(policies))),
        ...alone(compared),
      ]
      return comparisonReport(`swirl compare: ${a}, ${b}`, compared, given, { rows: comparedRows(cells), notes })
    })
    return { a, b, ...compared }
  },
  document: ({ onlyInA, onlyInB, ...rest }) => ({
    ...rest,
    onlyInA: onlyInA.length > 0 ? onlyInA : undefined,
    onlyInB: onlyInB.length > 0 ? onlyInB : undefined,
  }),
  text: (compared) => [
    ...policyLines(compared.policies),
    ...table(comparedRows(compared.cells)),
    ...compared.cells.flatMap((cell) => notesOf(cell, isOne(compared.policies))),
    ...alone(compared),
  ],
  exitCode: ({ cells }, thresholds) =>
    cells.some((compared) => comparisonChecks(compared, thresholds).some(({ failure }) => failure !== undefined))
      ? 100
      : 0,
})

function comparedRows(cells: readonly ComparedCell[]): string[][] {
  const [sizes, sizeOf] = sizeColumns(cells.map(({ result }) => result))
  return [
    ["cell", "a", "b", "change", "95 % interval", "p", ...sizes],
    ...cells.map((compared) => {
      const { base, result } = compared
      return [
        nameOf(compared),
        percent(base.accuracy),
        percent(result.accuracy),
        points(result.change.value),
        changeInterval(result.change),
        result.change.p.toPrecision(2),
        ...sizeOf(result),
      ]
    }),
  ]
}

const isOne = ({ a, b }: Comparison["policies"]): boolean => a.name === b.name

const alone = ({ onlyInA, onlyInB }: Pick<Comparison, "onlyInA" | "onlyInB">): string[] => [
  ...onlyInA.map((cell) => `  ${cell}: only in a, not compared`),
  ...onlyInB.map((cell) => `  ${cell}: only in b, not compared`),
]

const nameOf = ({ cell, against }: ComparedCell): string => (against ? `${cell} against ${against}` : cell)

/** Whose evaluations are compared; one policy may stand on both sides, and then something else is the reason for a change. */
function policyLines({ a, b }: Comparison["policies"]): string[] {
  const said = ({ name, model }: ComparedPolicy): string => (model === undefined ? name : `${name} (${model})`)
  return a.name === b.name ? [`a and b are one and the same policy: ${said(a)}`] : [`a: ${said(a)}`, `b: ${said(b)}`]
}

/** What differs beside the policy, what the numbers of a line are not over, and what they count without an answer or are made of. */
function notesOf(compared: ComparedCell, isOne: boolean): string[] {
  const { base, result } = compared
  return [
    ...differsInWords(result.differs, "a", "b", isOne),
    ...leftOutOfQuestions(result.leftOut!),
    ...beside(base).map((said) => `a: ${said}`),
    ...beside(result).map((said) => `b: ${said}`),
  ].map((note) => `  ${nameOf(compared)}: ${note}`)
}
