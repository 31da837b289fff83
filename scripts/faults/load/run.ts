/** The same samples twice: from a server that is well, and under every fault, kill and jump of the clock; then both are compared. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { random, seedFrom } from "@swirl-ts/core"
import { same } from "../records.ts"
import type { ServerSettings } from "./fault-server.ts"
import { type LedgerSummary, type Waste, waste } from "./ledger.ts"
import { type Lives, lives, type Signal } from "./lives.ts"
import { startFaultServer } from "./server-process.ts"
import { filesUnder, secretsIn } from "./traces.ts"

export interface LoadOptions {
  /** Folder that everything is in. */
  root: string
  /** Half of them by `generate`, half by `eval`. */
  samples: number
  seed: number
  concurrency: number
  /** Requests of a life until its signal, at least and at most. */
  killAfter: [number, number]
  server: Omit<ServerSettings, "seed">
  say(line: string): void
}

export interface LoadReport {
  samples: number
  lives: number
  signals: Record<Signal, number>
  withErrors: number
  /** Milliseconds. */
  slowestStop: number
  waste: Waste
  faulty: LedgerSummary
  accuracy: number
  seconds: number
}

/** With characters that JSON and addresses write otherwise. */
const secrets = { key: 'sk-faults/7Qx+"w9Z', password: "pass/w0rd+of=ann" }

/** Throws where a sample is missing, doubled or another one, where too much was asked in vain, and where a secret was left. */
export async function runUnderLoad(options: LoadOptions): Promise<LoadReport> {
  const { root, samples, seed, concurrency, say } = options
  const started = performance.now()
  const server = await startFaultServer({ ...options.server, seed })
  try {
    const draw = random(seedFrom("kills", seed))
    const tasks = Math.ceil(samples / 4)
    const common = [
      "--model",
      "openai:story",
      "--timeout",
      "4",
      "--limit",
      `${tasks}`,
      "--concurrency",
      `${concurrency}`,
      "--run",
      "run",
    ]
    const commands = [
      { args: ["generate", "calc", "--samples", "2", ...common], host: "127.0.0.1", key: secrets.key },
      {
        args: ["eval", "calc", "--epochs", "2", "--action-format", "native", ...common],
        host: `ann:${encodeURIComponent(secrets.password)}@127.0.0.1`,
        key: undefined,
      },
    ]
    const all: Lives[] = []
    let accuracy = 0
    for (const { args, host, key } of commands) {
      const command = args[0]!
      const run = async (side: "calm" | "faulty", more: Partial<Parameters<typeof lives>[0]>): Promise<Lives> => {
        const directory = join(root, side)
        mkdirSync(directory, { recursive: true })
        const environment: Record<string, string> = { SWIRL_BASE_URL: `http://${host}:${server.port}/${side}/v1` }
        if (key) environment.SWIRL_API_KEY = key
        return lives({ args, directory, environment, log: join(directory, `${command}.log`), ...more })
      }
      const calm = await run("calm", {})
      say(`${command}: ${tasks * 2} samples, unbroken`)
      const faulty = await run("faulty", {
        preload: [new URL("jumping-clock.mjs", import.meta.url).href],
        kills: { draw, server, after: options.killAfter },
      })
      say(`${command}: ${faulty.count} lives under faults`)
      const again = await server.ledgers()
      const finished = await run("faulty", {})
      const { requests } = (await server.ledgers()).faulty
      if (requests !== again.faulty.requests) throw new Error(`${command} asked again when everything was done`)
      sameNumbers(command, calm.json, finished.json)
      sameNumbers(command, calm.json, faulty.json)
      accuracy = accuracyOf(calm.json) ?? accuracy
      all.push(faulty)
    }
    const [calm, faulty] = [join(root, "calm"), join(root, "faulty")]
    compareFolders(join(calm, "run"), join(faulty, "run"), 2 * tasks)
    const found = secretsIn(root, secrets)
    if (found.length > 0) throw new Error(`secrets were left: ${found.join("; ")}`)
    const ledgers = await server.ledgers()
    const wasted = waste(ledgers.calm, ledgers.faulty)
    if (wasted.missing + wasted.foreign > 0)
      throw new Error(
        `${wasted.missing} answers that are needed were never given, ${wasted.foreign} are of other requests`,
      )
    if (wasted.share > 0.03)
      throw new Error(`${wasted.wasted} answers of ${wasted.needed} were worked out in vain, more than 3 %`)
    const sum = (count: (lives: Lives) => number): number => all.reduce((total, each) => total + count(each), 0)
    return {
      samples: 4 * tasks,
      lives: sum(({ count }) => count),
      signals: {
        SIGKILL: sum(({ signals }) => signals.SIGKILL),
        SIGINT: sum(({ signals }) => signals.SIGINT),
        SIGTERM: sum(({ signals }) => signals.SIGTERM),
      },
      withErrors: sum((each) => each.withErrors),
      slowestStop: Math.max(...all.map((each) => each.slowestStop)),
      waste: wasted,
      faulty: ledgers.faulty,
      accuracy,
      seconds: (performance.now() - started) / 1000,
    }
  } finally {
    server.close()
  }
}

type Document = Record<string, unknown> & { cells?: { accuracy: number; file?: string; provenance?: object }[] }

const accuracyOf = ({ cells }: Document): number | undefined => cells?.[0]?.accuracy

/** What a result says, but for what a continued run has of its own. */
function sameNumbers(command: string, calm: Document, faulty: Document): void {
  const own = ({ seconds: _, reused: __, cells = [], ...rest }: Document): string =>
    JSON.stringify({ ...rest, cells: cells.map(({ file, provenance, ...cell }) => cell) })
  if (own(calm) !== own(faulty)) throw new Error(`${command} says something else:\n${own(calm)}\n${own(faulty)}`)
}

/** Every record once and equal; the same files, none left over. */
function compareFolders(calm: string, faulty: string, samples: number): void {
  const names = filesUnder(calm)
  const mayBeMore = (name: string): boolean => name === "attempts.jsonl"
  const others = filesUnder(faulty).filter((name) => !names.includes(name) && !mayBeMore(name))
  if (others.length > 0) throw new Error(`files are left over: ${others.join(", ")}`)
  for (const name of names.filter((each) => each.endsWith(".jsonl"))) {
    const count = same(calm, faulty, name)
    const isOfSamples = name === "trajectories.jsonl" || name.startsWith("eval/")
    if (isOfSamples && count !== samples) throw new Error(`${name} holds ${count} records, not ${samples}`)
  }
}
