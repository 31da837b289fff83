/**
 * Labels of steps, from people or rules: a JSON Lines file of `{ trajectoryId, step, verdict }`. A line that cannot be
 * read, and two labels that contradict each other, are refused with their lines: a calibration on half a file would look
 * like one on all of it.
 */
import { contentHash, errorMessage, SwirlError, schemaProblem, type VerdictRecord } from "@swirl-ts/core"
import { textLines } from "@swirl-ts/kit"
import { readFile, resolve } from "@swirl-ts/platform"
import { z } from "zod"
import type { StageContext } from "../context.ts"
import { readTrajectories } from "../trajectories.ts"

const verdicts = { good: "good", bad: "bad", true: "good", false: "bad", "1": "good", "0": "bad" } as const

const LabelSchema = z.object({
  trajectoryId: z.string(),
  step: z.int().nonnegative(),
  /** `good` or `bad` in any case; also true and false, 1 and 0. */
  verdict: z
    .union([z.string(), z.boolean(), z.number()])
    .transform((value) => String(value).trim().toLowerCase())
    .pipe(z.enum(["good", "bad", "true", "false", "1", "0"]))
    .transform((value) => verdicts[value]),
})

export interface Labels {
  records: VerdictRecord[]
  /** Labels of trajectories that the run folder does not hold. */
  elsewhere: number
}

/** The labels of a file that are about the run folder's trajectories; without one there is nothing to compare. */
export async function labelsOf(context: StageContext, file: string): Promise<Labels> {
  const path = resolve(context.host.workingDirectory, file)
  const labels = await readLabels(path)
  const ids = new Set((await readTrajectories(context.directory)).map((trajectory) => trajectory.id))
  const records = labels.filter((label) => ids.has(label.trajectoryId))
  if (records.length > 0) return { records, elsewhere: labels.length - records.length }
  throw new SwirlError(
    `No label of ${path} is about a trajectory of ${context.directory}. Labels name trajectories by the id in trajectories.jsonl.`,
    { kind: "usage" },
  )
}

/** Reads labels as verdicts of a judge named for the file. */
export async function readLabels(path: string): Promise<VerdictRecord[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new SwirlError(
      `The labels ${path} cannot be read: ${errorMessage(error)}. Give a JSON Lines file of { trajectoryId, step, verdict }, or the name of an oracle judge.`,
      { kind: "usage", cause: error },
    )
  })
  const judge = `labels ${contentHash(text, 8)}`
  const found = new Map<string, { line: number; record: VerdictRecord }>()
  let number = 0
  for await (const line of textLines(path)) {
    number++
    if (line.trim() === "") continue
    const label = parseLabel(line, `${path}, line ${number}`)
    const key = `${label.trajectoryId} ${label.step}`
    const before = found.get(key)
    if (before && before.record.verdict !== label.verdict) {
      throw new SwirlError(
        `${path}, lines ${before.line} and ${number}: step ${label.step} of ${label.trajectoryId} is labelled ${before.record.verdict} and ${label.verdict}. Keep one of them.`,
        { kind: "usage" },
      )
    }
    if (before) continue
    const record: VerdictRecord = { schema: "swirl.verdict/1", id: key, judge, reason: "a label", ...label }
    found.set(key, { line: number, record })
  }
  if (found.size === 0) throw new SwirlError(`The labels ${path} hold no label.`, { kind: "usage" })
  return [...found.values()].map(({ record }) => record)
}

function parseLabel(line: string, where: string): z.infer<typeof LabelSchema> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new SwirlError(`${where} is not JSON: ${errorMessage(error)}`, { kind: "usage", cause: error })
  }
  const parsed = LabelSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new SwirlError(
    `${where} is no label: ${schemaProblem(parsed.error.issues[0]!, value)}. A label is { "trajectoryId": text, "step": 0, "verdict": "good" or "bad" }.`,
    { kind: "usage" },
  )
}
