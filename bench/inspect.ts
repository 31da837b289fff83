/**
 * What an evaluation costs beside its model, next to Inspect: samples of one tool call and an answer, scored and logged on disk,
 * with a model in the process that takes no time. Processor time of the evaluation alone, the two taking turns in one run.
 *   npm run bench -- inspect [--samples 1000] [--rounds 3] [--python <with inspect-ai>] [--json]
 * Without --python a venv is made in .swirl/bench/inspect.
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { type Figure, tellFigures } from "./figures.ts"
import { runProcess } from "./run-process.ts"

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    python: { type: "string" },
    json: { type: "boolean", default: false },
  },
})
const wanted = "inspect-ai==0.3.285"
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A Python with Inspect; installed once. */
function python(): string {
  if (values.python) return values.python
  const venv = resolve(".swirl/bench/inspect")
  const own = join(venv, "bin/python")
  const installed = join(venv, "installed")
  if (existsSync(installed)) return own
  console.error(`Installing ${wanted} into ${venv} …`)
  rmSync(venv, { recursive: true, force: true })
  mkdirSync(venv, { recursive: true })
  const stdio = ["ignore", "ignore", "inherit"] as const
  execFileSync("python3", ["-m", "venv", venv], { stdio: [...stdio] })
  execFileSync(own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted], { stdio: [...stdio] })
  writeFileSync(installed, `${wanted}\n`)
  return own
}

/** Milliseconds of processor time a sample. */
async function measure(command: string, parts: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "swirl-inspect-"))
  try {
    const { lines, failure } = await runProcess(command, [...parts, values.samples, folder])
    const line = lines.findLast((each) => each.startsWith("{"))
    if (failure || !line) throw new Error(`${command} ${parts.join(" ")}: ${failure ?? "it printed no figure"}`)
    const { seconds, samples } = JSON.parse(line) as { seconds: number; samples: number }
    return (1000 * seconds) / samples
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const interpreter = python()
const rounds: { ours: number; theirs: number }[] = []
for (let round = 0; round < Number(values.rounds); round++)
  rounds.push({
    ours: await measure(process.execPath, [...flags, here("inspect-child.ts")]),
    theirs: await measure(interpreter, [here("inspect_mock.py")]),
  })
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
const ours = median(rounds.map((round) => round.ours))
const theirs = median(rounds.map((round) => round.theirs))
const figures: Figure[] = [
  { name: "a two-step tool trajectory, of Inspect's processor time", value: ours / theirs, goal: 0.1, unit: "" },
  { name: "ours, evaluated and on disk", value: ours, unit: "ms" },
  { name: `${wanted}, mockllm`, value: theirs, unit: "ms" },
]
tellFigures("inspect", figures, { json: values.json, rounds })
