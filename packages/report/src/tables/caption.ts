/** What a reader must know before the numbers of a matrix, in sentences: units, marks, corrections, selection, and what is not there. */
import type { ReportMatrix } from "../data.ts"
import { count, points } from "../format.ts"
import { afterCorrection, changesOf, kinship, namedIn } from "../matrix-facts.ts"

export function matrixCaption(matrix: ReportMatrix): string[] {
  const { columns, rows, selection } = matrix
  const changes = rows.flatMap((row) => changesOf(row, columns))
  if (changes.length === 0)
    return [`Accuracy in per cent${ofQuestions(matrix)}.`, ...tasks(matrix), ...notThere(matrix)]
  return [
    `Accuracy in per cent${ofQuestions(matrix)}; changes against the base in points, paired question by question.`,
    ...correction(matrix, changes.length),
    ...smallestChange(matrix),
    ...tasks(matrix),
    ...(selection ? [sentence(selection)] : []),
    ...notThere(matrix),
  ]
}

function ofQuestions({ questions, pickedBy }: ReportMatrix): string {
  if (questions === undefined) return ""
  const many = `${count(questions)} ${questions === 1 ? "question" : "questions"} a cell`
  return pickedBy === "ids" ? `, ${many} at most, picked by their ids (--ids)` : `, ${many}`
}

function correction(matrix: ReportMatrix, family: number): string[] {
  const corrected = afterCorrection(matrix)
  if (!corrected)
    return ["▲ ▼: the 95 % interval leaves zero out and p is at most .05; p is not corrected for being many."]
  const left =
    corrected.clear > 0 ? `; of ${corrected.clear} that are clear by themselves it leaves ${corrected.left}` : ""
  return [
    "▲ ▼: the 95 % interval leaves zero out, and p and Holm's p are at most .05; △ ▽: p is, Holm's is not.",
    `Holm's correction is over the ${family} changes of the checkpoints${left}.`,
  ]
}

function smallestChange({ columns, columnFacts }: ReportMatrix): string[] {
  const effects = columns.flatMap((column) => namedIn(columnFacts, column)?.minimumDetectableEffect ?? [])
  if (effects.length === 0) return []
  const [low, high] = [Math.min(...effects), Math.max(...effects)].map((effect) => points(effect).slice(1))
  return [
    `The smallest change that one line shows with power .8 at p .05 is ${low === high ? low : `${low} to ${high}`} points${low === high ? "" : ", by cell"}.`,
  ]
}

function tasks({ columns, rows }: ReportMatrix): string[] {
  const kinships = new Set(rows.flatMap((row) => columns.map((column) => kinship(row, column))))
  const cells = rows.flatMap((row) => Object.values(row.cells))
  const leaked = cells.some((cell) => cell.leaked)
  return [
    ...(kinships.has("own")
      ? [
          `Task: own, the training was trained on it${kinships.has("same family") ? "; same family, it shares sources with one of those" : ""}; other, it never saw it.`,
        ]
      : []),
    ...(cells.some((cell) => cell.goodSteps)
      ? ["Good steps: of the policy's steps with a verdict, those that the judge calls good."]
      : []),
    ...(cells.some((cell) => cell.goldStepRecall)
      ? ["Gold steps: of those that the tasks give, the share that was met."]
      : []),
    ...(leaked
      ? [
          "Leaked: questions of the cell that training, few-shot examples or calibration have seen; they are counted in the accuracy, the changes and the means over cells.",
        ]
      : []),
  ]
}

function notThere({ unfinished = [], failed = [] }: ReportMatrix): string[] {
  return [
    ...(unfinished.length > 0
      ? [`This is a part of what was planned; not finished yet: ${unfinished.join(", ")}.`]
      : []),
    ...failed.map(({ job, reason }) => sentence(`Failed: ${job}: ${reason}`)),
  ]
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
