/**
 * `filters/`: the selections that stand in a run folder, one file a strategy and source of the outcome, e.g.
 * `outcome.json` (official score) and `outcome-llm.json`. A file is known by what it says, never by its name.
 */
import {
  type ContributionKind,
  contentHash,
  distinctName,
  type FilterRecord,
  FilterSchema,
  type Registry,
  slug,
} from "@swirl-ts/core"
import { diskError, errorCode } from "@swirl-ts/kit"
import { join, readdir } from "@swirl-ts/platform"
import { readDocument, runPaths, writeDocument } from "@swirl-ts/store"

export interface StandingSelection {
  file: string
  record: FilterRecord
}

/** Records of before the digest was written are none: nobody can say what they were made over. */
export async function readSelections(directory: string): Promise<StandingSelection[]> {
  const { filters } = runPaths(directory)
  const names = await readdir(filters).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return []
    throw diskError(error, "read", filters)
  })
  const found: StandingSelection[] = []
  for (const name of names.filter((each) => /^[^.].*\.json$/.test(each)).sort()) {
    const file = join(filters, name)
    const record = await readDocument(file, FilterSchema)
    if (record?.madeOver) found.push({ file, record })
  }
  return found
}

/** Returns the file. One that is no selection that can be read is not written over: it may be of a newer version. */
export async function writeSelection(registry: Registry, directory: string, record: FilterRecord): Promise<string> {
  const { strategy, outcomeJudge } = record
  const names = [distinctName(registry, registry.resolve("filters", strategy))]
  if (outcomeJudge !== undefined) names.push(distinctName(registry, registry.resolve("outcomeJudges", outcomeJudge)))
  const file = await fileOf(registry, directory, record, names)
  await writeDocument(file, record)
  return file
}

/** Names that differ may make one file name: who comes second has a digest of its names in it. */
async function fileOf(
  registry: Registry,
  directory: string,
  { strategy, outcomeJudge = "" }: FilterRecord,
  names: readonly string[],
): Promise<string> {
  const name = names.map((each) => slug(each)).join("-")
  const [plain, own] = [name, `${name}-${contentHash(names, 8)}`].map((each) =>
    join(runPaths(directory).filters, `${each}.json`),
  ) as [string, string]
  if (await readDocument(own, FilterSchema)) return own
  const standing = await readDocument(plain, FilterSchema)
  const isOwn =
    standing === undefined ||
    (isSame(registry, "filters", standing.strategy, strategy) &&
      isSame(registry, "outcomeJudges", standing.outcomeJudge ?? "", outcomeJudge))
  return isOwn ? plain : own
}

/** Whether two names, short or full, mean the same thing. */
export function isSame(registry: Registry, kind: ContributionKind, one: string, other: string): boolean {
  const meant = (name: string): string => (registry.has(kind, name) ? registry.resolve(kind, name).fullName : name)
  return meant(one) === meant(other)
}
