/**
 * What is said of a record that cannot be read: which one, where, why, and what to do. Nobody changes a file for it, so it is
 * wrong usage: repairing, deleting or another version of this program is the user's to choose.
 */
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { dirname, join, readFileSync } from "@swirl-ts/platform"
import type { ZodError } from "zod"

export interface BrokenRecord {
  path: string
  /** From 1; absent for a document. */
  line?: number
  /** Of the record, where it has one. */
  id?: string
}

/** `advice` says what to do, where it is no matter of versions. */
export function brokenRecord(place: BrokenRecord, error: unknown, advice: string): SwirlError {
  const said = printable(errorMessage(error)).replace(/[.]$/, "")
  return new SwirlError(`${whereIs(place)} is not a record that can be read: ${said}. ${advice}`, {
    kind: "usage",
    cause: error,
  })
}

/** Of a value that is JSON and no record of that schema; one of a newer version of this program is told apart. */
export function wrongRecord(place: BrokenRecord, value: unknown, { issues }: ZodError, advice: string): SwirlError {
  const issue = issues.find(({ path }) => path[0] === "schema") ?? issues[0]!
  const found = isObject(value) ? value.schema : undefined
  const known = "values" in issue ? issue.values[0] : undefined
  if (typeof found !== "string" || typeof known !== "string" || !isNewer(found, known))
    return brokenRecord(place, schemaProblem(issue, value), advice)
  const version = isObject(value) && "makers" in value ? makersOf(value) : makersBeside(place.path)
  const by = version === undefined ? "" : ` (made by ${version})`
  return new SwirlError(
    `${whereIs(place)} is of a newer version of swirl-ts${by}: it is "${found}", and this version reads "${known}". Update this one, e.g. npm install @swirl-ts/cli@latest, or use another folder (--run). Nothing was changed.`,
    { kind: "usage" },
  )
}

function whereIs({ path, line, id }: BrokenRecord): string {
  const named = id === undefined ? "" : ` (id ${printable(id.slice(0, 80))})`
  return `${path}${line === undefined ? "" : `, line ${line}`}${named}`
}

/** Whether both name one record, and the first is of a later major. */
function isNewer(found: string, known: string): boolean {
  const [, name, major] = majorOf.exec(found) ?? []
  const [, same, most] = majorOf.exec(known) ?? []
  return name !== undefined && name === same && Number(major) > Number(most)
}

const majorOf = /^(.+)\/(\d+)$/

/** The version that last made something in a run folder, as its `run.json` says. */
function makersOf(run: Readonly<Record<string, unknown>>): string | undefined {
  const makers = isObject(run.makers) ? Object.values(run.makers).flat() : []
  const known = makers.filter(
    (maker): maker is { swirl: string; since?: unknown } => isObject(maker) && typeof maker.swirl === "string",
  )
  return known.sort((a, b) => `${a.since}`.localeCompare(`${b.since}`)).at(-1)?.swirl
}

/** As `makersOf`, of the run folder that a file is in. */
function makersBeside(path: string): string | undefined {
  for (let folder = dirname(path), up = 0; up < 4; folder = dirname(folder), up++) {
    try {
      const run = parseJson(readFileSync(join(folder, "run.json"), "utf8"))
      if (isObject(run)) return makersOf(run)
    } catch {}
  }
  return undefined
}

/** Control characters, such as the zeros that a power cut leaves, would be lost on a screen or upset it. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\ufeff]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)
