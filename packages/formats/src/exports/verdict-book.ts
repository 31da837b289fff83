/**
 * The verdicts of one judge on exported steps, by trajectory. Held for all of them: a verdict is small, and the reasons of a rule
 * repeat, so each is held once.
 */
import { type Trajectory, VerdictSchema } from "@swirl-ts/core"
import { type OpenJudge, readTrajectories, readVerdicts } from "@swirl-ts/stages"
import { readRecords } from "@swirl-ts/store"
import type { StepVerdict } from "./export-item.ts"
import type { ExportSource, Outline } from "./source.ts"

export interface VerdictBook {
  /** Steps with a verdict of any kind. */
  size: number
  of(trajectory: Pick<Trajectory, "id" | "steps">): (StepVerdict | undefined)[]
}

export async function readVerdictBook(
  { verdicts: file }: ExportSource,
  outlines: readonly Outline[],
  judge: OpenJudge,
  directory: string,
): Promise<VerdictBook> {
  const identities = new Map<string, string>()
  for (const { benchmark } of outlines)
    if (!identities.has(benchmark)) identities.set(benchmark, await judge.identity(benchmark))
  const identityOf = new Map(outlines.map(({ id, benchmark }) => [id, identities.get(benchmark)]))
  const found = new Map<string, (StepVerdict | undefined)[]>()
  const texts = new Map<string, string>()
  const once = (text: string): string => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
  const isCurrent = judge.needsSiblings ? await currentVerdicts(directory, judge) : () => true
  let size = 0
  for await (const { id, trajectoryId, step, judge: by, verdict, score, reason, oracle } of readRecords(
    file,
    VerdictSchema,
  )) {
    if (identityOf.get(trajectoryId) !== by || !isCurrent(id)) continue
    const steps = found.get(trajectoryId) ?? []
    found.set(trajectoryId, steps)
    if (!steps[step]) size++
    // The last one of a step counts.
    steps[step] = { verdict, score, reason: once(reason), judge: once(by), oracle }
  }
  return {
    size,
    of({ id, steps }) {
      const known = found.get(id)
      return steps.map((_, index) => known?.[index])
    },
  }
}

/** Of a judge that goes by siblings: which verdicts are not stale. It takes all trajectories of the folder at once. */
async function currentVerdicts(directory: string, judge: OpenJudge): Promise<(id: string) => boolean> {
  const { verdicts } = await readVerdicts(directory, await readTrajectories(directory), judge)
  const current = new Set([...verdicts.values()].flatMap((steps) => steps.flatMap((verdict) => verdict?.id ?? [])))
  return (id) => current.has(id)
}
