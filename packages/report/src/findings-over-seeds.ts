/** What a matrix says of trainings rather than checkpoints, in sentences: changes over training seeds, and declared contrasts. */
import type { SeedsChange } from "@swirl-ts/core"
import { contrastName, contrastsTitle } from "./contrast-words.ts"
import type { ReportMatrix } from "./data.ts"
import { interval, points } from "./format.ts"
import { type Direction, direction, severalSeeds } from "./matrix-facts.ts"

export function findingsOverSeeds(matrix: ReportMatrix): string[] {
  const { contrasts = [] } = matrix
  const trainings = severalSeeds(matrix).map(({ name, cells, offDiagonal }) =>
    sentence(name, cells, offDiagonal && ["the mean of tasks it never saw", offDiagonal], "than the base"),
  )
  const compared = contrasts.map((contrast) => {
    const { of, against, cells, mean } = contrast
    const changes = Object.fromEntries(Object.entries(cells).map(([cell, change]) => [cell, { change }]))
    return sentence(
      `${contrastName(contrast)} (${of})`,
      changes,
      mean && ["the mean of cells", mean],
      `than ${against}`,
    )
  })
  return [
    ...heading("Over training seeds, which is what a training does and not one checkpoint of it", trainings),
    ...heading(`${contrastsTitle(contrasts)}, over training seeds`, compared),
  ]
}

const heading = (title: string, sentences: readonly string[]): string[] =>
  sentences.length > 0 ? [`${title}:`, ...sentences.map((each) => `  ${each}`)] : []

type Named = readonly [name: string, change: SeedsChange]

function sentence(
  subject: string,
  cells: Readonly<Record<string, { change: SeedsChange }>>,
  mean: Named | undefined,
  than: string,
): string {
  const named: Named[] = [
    ...Object.entries(cells).map(([name, { change }]): Named => [name, change]),
    ...(mean ? [mean] : []),
  ]
  if (named.length === 0) return `${subject}: no cell has a result.`
  const seeds = named.map(([, change]) => change.seeds)
  const [fewest, most] = [Math.min(...seeds), Math.max(...seeds)]
  const over =
    most === 1 ? "one seed, which says nothing of the next" : `${fewest === most ? "" : `${fewest} to `}${most} seeds`
  const said = Object.entries(words).flatMap(([way, verb]) => {
    const these = named.filter(([, change]) => direction(change) === way)
    return these.length > 0 ? [`${verb.replace("THAN", than)}: ${these.map(describe).join(", ")}`] : []
  })
  return `${subject}, ${over}: ${said.join("; ")}.`
}

const words: Readonly<Record<Direction, string>> = {
  up: "better THAN",
  down: "worse THAN",
  "up-before-correction": "higher THAN before Holm's correction, not after it",
  "down-before-correction": "lower THAN before Holm's correction, not after it",
  unclear: "no clear difference",
}

const describe = ([name, { value, ci }]: Named): string =>
  `${name} ${points(value)} points${ci ? ` (95 % interval ${interval(ci, points)})` : ""}`
