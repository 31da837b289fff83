/**
 * Records without weights: of an experiment's folder a copy from which every figure of its tables is recomputed, small enough to
 * be committed. Record files are compressed; of what was evaluated token ids and log-probabilities, which only training needs, are
 * left out, those of the trajectories that trainings begin with stay. So is left out what says whose machine it was. Invariant: no path and no host name of this machine is in the copy, or there is none.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { homedir, hostname } from "node:os"
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { isRaw, type Raw } from "../recount/raw.ts"

export interface StudyCopy {
  files: number
  bytes: number
}

/** Of what the tables are not made of: weights, prose for people, and what a run needs to go on. */
const leftOut =
  /(^|\/)(checkpoints|cache|\.[^/]*)\/|(^|\/)(responses|attempts|seen)\.jsonl$|(^|\/)(events\.out|\.)[^/]*$|lock$/
const reports = new Set(["matrix.csv", "matrix.md", "matrix.tex", "matrix-over-seeds.csv"])

/** Writes `to` anew; throws, and leaves nothing, where something of this machine would be in it. */
export function copyStudy(from: string, to: string): StudyCopy {
  if (!existsSync(join(from, "matrix.json")))
    throw new Error(`${from} holds no matrix.json; give the folder of an experiment that swirl matrix made`)
  const files = filesUnder(from).filter((path) => isRecord(path))
  const tidy = withoutPlaces(from, files)
  rmSync(to, { recursive: true, force: true })
  try {
    for (const path of files) {
      const text = readFileSync(join(from, path), "utf8")
      const target = join(to, path)
      mkdirSync(dirname(target), { recursive: true })
      if (path.endsWith(".jsonl"))
        writeFileSync(`${target}.gz`, gzipSync(lines(text, tidy, hasIds(path)), { level: 9 }))
      else if (path.endsWith(".json")) writeFileSync(target, `${JSON.stringify(tidy(JSON.parse(text)), null, 1)}\n`)
      else writeFileSync(target, String(tidy(text)))
    }
    writeFileSync(join(to, "README.md"), readme(basename(to)))
    refusePlaces(to, from)
  } catch (error) {
    rmSync(to, { recursive: true, force: true })
    throw error
  }
  const made = filesUnder(to)
  return { files: made.length, bytes: made.reduce((sum, path) => sum + statSync(join(to, path)).size, 0) }
}

function isRecord(path: string): boolean {
  if (leftOut.test(path)) return false
  if (/(^|\/)report\//.test(path)) return reports.has(basename(path)) && dirname(path) === "report"
  return /\.jsonl?$/.test(path)
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort()

/** Those that trainings begin with: whoever has the model can train on them again. */
const hasIds = (path: string): boolean => !/(^|\/)(eval|rounds)\//.test(path)

const lines = (text: string, tidy: (value: unknown) => unknown, hasIds: boolean): string =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => tidy(JSON.parse(line)))
    .map((record) => `${JSON.stringify(hasIds ? record : withoutIds(record))}\n`)
    .join("")

/** Of trajectories, what only training needs. */
function withoutIds(record: unknown): unknown {
  if (!isRaw(record) || !Array.isArray(record.steps)) return record
  const steps = (record.steps as Raw[]).map(
    ({ tokenIds: _ids, contextTokenIds: _context, logProbabilities: _log, shown: _shown, ...step }) => step,
  )
  return { ...record, steps }
}

/** Paths become what they are called from the experiment's folder, or by their last part; a machine loses its name. */
function withoutPlaces(from: string, files: readonly string[]): (value: unknown) => unknown {
  const known = places(from, files)
  const text = (value: string): string => known.reduce((tidied, { path, name }) => tidied.replaceAll(path, name), value)
  const tidy = (value: unknown, field?: string): unknown => {
    if (typeof value === "string") return text(value)
    if (Array.isArray(value)) return value.map((each) => tidy(each))
    if (!isRaw(value)) return value
    const entries = Object.entries(value).filter(([name]) => field !== "machine" || name !== "host")
    return Object.fromEntries(entries.map(([name, each]) => [name, tidy(each, name)]))
  }
  return tidy
}

/** Longest first, so that a folder inside another goes by its own name. */
function places(from: string, files: readonly string[]): { path: string; name: string }[] {
  const found = new Map([
    [`${resolve(from)}/`, ""],
    [`${process.cwd()}/`, ""],
    [`${homedir()}/`, ""],
  ])
  for (const path of files.filter((each) => basename(each) === "run.json")) {
    const { spec } = JSON.parse(readFileSync(join(from, path), "utf8")) as Raw
    for (const settings of Object.values(isRaw(spec) ? spec : {}).filter(isRaw))
      for (const value of [settings.dataPath, settings.model, settings.policy]) {
        const place = String(value).replace(/^[a-z]+:/, "")
        // What lies below one of them is shortened by it.
        const isInside = [...found.keys()].some((known) => place.startsWith(known))
        if (isAbsolute(place) && !isInside) found.set(`${dirname(place)}/`, "")
      }
  }
  return [...found]
    .map(([path, name]) => ({ path, name }))
    .filter(({ path }) => path !== "//" && path !== "/")
    .sort((a, b) => b.path.length - a.path.length)
}

function refusePlaces(to: string, from: string): void {
  const ours = [resolve(from), process.cwd(), homedir(), hostname()].filter((each) => each.length > 3)
  for (const path of filesUnder(to)) {
    const bytes = readFileSync(join(to, path))
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")
    const met = ours.find((each) => text.includes(each))
    if (met) throw new Error(`${path} would say ${met}, which is a name of this machine; nothing was copied`)
    const place = /"(?:[a-z]+:)?(\/(?:[\w.-]+\/)+[\w.-]*)"/.exec(path.endsWith(".json") ? text : "")
    if (place) throw new Error(`${path} would say the path ${place[1]} of this machine; nothing was copied`)
  }
}

const readme = (name: string): string => `# ${name}

The records of an experiment, without its weights: what its tables are recomputed from.

\`npm run study -- --check studies/${name}\`

Made by \`npm run study -- --copy runs/${name}\`. Files that end in \`.gz\` are the run's own record files, compressed: every reader of records opens them under their own names, and none writes to them. Left out: checkpoints and optimiser states; of evaluations and rounds, token ids and log-probabilities of steps (\`tokenIds\`, \`contextTokenIds\`, \`logProbabilities\`, \`shown\`), which only training needs (the trajectories that trainings begin with have theirs: unpack them with gunzip to train on them again); responses, attempts and questions seen; the pages of the report. Paths are shortened to names, and machines have none.
`
