/** Reads a viewer's `data/` as a browser would: each script is run, and nothing but the call of its function may come of it. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createContext, Script } from "node:vm"
import type { QuestionsPage } from "../src/viewer/questions-page.ts"
import type { SamplesPage } from "../src/viewer/samples-page.ts"
import type { SummaryPage } from "../src/viewer/summary-page.ts"
import type { TokensPage } from "../src/viewer/tokens-page.ts"
import type { TrajectoriesPage, ViewerTrajectory } from "../src/viewer/trajectories-page.ts"

export interface ViewerFolder {
  summary: SummaryPage
  questions: QuestionsPage[]
  samples: SamplesPage[]
  trajectories: TrajectoriesPage[]
  tokens: TokensPage[]
  /** By the sample's key. */
  trajectory(key: string): ViewerTrajectory
}

export function readViewerFolder(report: string): ViewerFolder {
  const data = join(report, "data")
  const summary = readPage(join(data, "summary.js"), "summary") as SummaryPage
  const { folder, ...index } = summary.pages
  const pages = <T>(kind: string, count: number): T[] =>
    Array.from({ length: count }, (_, number) => {
      const name = `${kind}-${number}`
      return readPage(join(data, folder, `${name}.js`), name) as T
    })
  const trajectories = pages<TrajectoriesPage>("trajectories", index.trajectories.starts.length)
  return {
    summary,
    questions: pages("questions", index.questions.starts.length),
    samples: pages("samples", index.samples.starts.length),
    trajectories,
    tokens: pages("tokens", index.tokens.count),
    trajectory: (key) => trajectories.flatMap((page) => page.trajectories).find((each) => each.key === key)!,
  }
}

/** What stands in `data/`, by names. */
export const dataNames = (report: string): string[] => readdirSync(join(report, "data"))

function readPage(path: string, expected: string): unknown {
  const calls: unknown[][] = []
  const context = createContext({ swirlPage: (...given: unknown[]) => calls.push(given) })
  const before = Object.keys(context)
  new Script(readFileSync(path, "utf8"), { filename: path }).runInContext(context)
  const [call] = calls
  if (calls.length !== 1 || call?.length !== 2 || call[0] !== expected || typeof call[1] !== "string")
    throw new Error(`${path} is not one call of swirlPage("${expected}", …)`)
  if (Object.keys(context).join() !== before.join()) throw new Error(`${path} left something behind`)
  return JSON.parse(call[1])
}
