/** The folder's pages: classic scripts, since a page of `file://` may not fetch. Each is asked for once, and may fail once. */
import { type Pages, pageFunction } from "../../src/viewer/pages.ts"

type Kind = keyof Pages

const arrived = new Map<string, (json: string) => void>()
Object.assign(globalThis, { [pageFunction]: (name: string, json: string) => arrived.get(name)?.(json) })

/** Pages of trajectories that are kept; the others are short, and kept for good. */
const mostTrajectories = 12
const asked = new Map<string, Promise<unknown>>()

export const loadSummary = (): Promise<Pages["summary"]> => load("summary", "data/summary.js")

export function loadPage<Name extends Exclude<Kind, "summary">>(
  folder: string,
  kind: Name,
  number: number,
): Promise<Pages[Name]> {
  const name = `${kind}-${number}`
  if (kind === "trajectories") forgetOldest()
  return load(name, `data/${folder}/${name}.js`)
}

function load<Page>(name: string, source: string): Promise<Page> {
  const known = asked.get(name)
  if (known) return known as Promise<Page>
  const page = new Promise<Page>((resolve, reject) => {
    const script = document.createElement("script")
    const fail = (why: string) => {
      asked.delete(name)
      reject(new Error(`${source} ${why}. Copy the whole folder, or make it again with swirl report.`))
    }
    arrived.set(name, (json) => resolve(JSON.parse(json) as Page))
    script.src = source
    script.onerror = () => fail("could not be read")
    script.onload = () => {
      arrived.delete(name)
      script.remove()
      // Does nothing where the page has come.
      fail("holds no page")
    }
    document.head.append(script)
  })
  asked.set(name, page)
  return page
}

function forgetOldest(): void {
  const trajectories = [...asked.keys()].filter((name) => name.startsWith("trajectories-"))
  for (const name of trajectories.slice(0, Math.max(0, trajectories.length + 1 - mostTrajectories))) asked.delete(name)
}

/** Number of the page that holds what is numbered `at`. */
export function pageOf(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low
}
