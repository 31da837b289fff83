/**
 * Thousands of samples through `swirl generate` (tags) and `swirl eval` (tool calls of the model's own), with real calls of the
 * calculator, against a server in a process of its own that fails in every way servers do (scripts/faults/load), while
 * the command is ended by kill -9, SIGINT and SIGTERM every few seconds and its clock jumps by hours. What comes out has to be
 * what comes out of a run that nothing happened to: every sample once, equal records, at most 3 % of requests in vain, and no
 * key in any file.
 *
 *   npm run faults -- --load [--samples 10000 --seed 1 --folder <folder>]
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type LoadReport, runUnderLoad } from "./load/run.ts"

const { values } = parseArgs({
  options: {
    load: { type: "boolean" },
    samples: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    folder: { type: "string" },
  },
})
const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
const root = values.folder ?? mkdtempSync(join(tmpdir(), "swirl-faults-"))
mkdirSync(root, { recursive: true })

try {
  const report = await runUnderLoad({
    root,
    samples: Number(values.samples),
    seed: Number(values.seed),
    concurrency: 16,
    killAfter: [200, 1500],
    server: { work: [4, 20], outageEvery: 25, outageSeconds: 2 },
    say,
  })
  for (const line of inWords(report)) say(line)
  if (!values.folder) rmSync(root, { recursive: true })
} catch (error) {
  say(`FAILED: ${(error as Error).message}; kept in ${root}`)
  process.exitCode = 1
}

function inWords({ samples, lives, signals, withErrors, waste, faulty, seconds, slowestStop }: LoadReport): string[] {
  const kills = Object.entries(signals).map(([signal, count]) => `${count} x ${signal}`)
  const faults = Object.entries(faulty.faults).map(([kind, count]) => `${count} x ${kind}`)
  return [
    `ok load: ${samples} samples, each once and as in the run that nothing happened to, no secret in any file; ${lives} lives (${kills.join(", ")}; ${withErrors} ended with errors that the next one mended), ${seconds.toFixed(0)} s`,
    `  needed ${waste.needed} answers, asked ${faulty.requests} times, at most ${faulty.most} at once; wasted ${waste.wasted} (${(100 * waste.share).toFixed(2)} % of those needed): answered whole twice, or its client was gone first (${faulty.left})`,
    `  faults: ${faults.join(", ")}; ${faulty.crowded} refused for coming at once`,
    `  slowest stop after SIGINT or SIGTERM ${(slowestStop / 1000).toFixed(1)} s`,
  ]
}
