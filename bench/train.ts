/**
 * Benchmark W: one whole iteration (sample, reference, update) of SWiRL with LoRA on nested states: ours, the same packing
 * in plain torch and peft, and TRL's GRPOTrainer, each in a process of its own, one after another, on two threads.
 *   npm run bench -- train --python .venv/bin/python
 * --shape 135m|1.5b|tiny  --trajectories 4  --precision f32|bf16|both  --sides ours,torch,trl  --trl-trajectories 1
 * --scaling (ours alone: states a trajectory and actions a state)  --backend native|wasm  --peers .swirl/peers
 * --budget 2048  --recompute  --json
 * The Python needs torch, transformers, peft, trl and datasets; SWIRL_PYTHON names it, too. A side that cannot run is
 * skipped with its reason. TRL runs `--trl-trajectories` of the work, as the whole takes many minutes and 19 GB and more;
 * its time is then multiplied, which the table says.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { runProcess } from "./run-process.ts"
import { actionsOf, createWork, type ShapeName, type Side, shapes, type Work, weightOperations } from "./train-work.ts"

const { values } = parseArgs({
  options: {
    python: { type: "string", default: process.env.SWIRL_PYTHON },
    shape: { type: "string", default: "135m" },
    trajectories: { type: "string", default: "4" },
    precision: { type: "string", default: "both" },
    sides: { type: "string", default: "ours,torch,trl" },
    "trl-trajectories": { type: "string", default: "1" },
    scaling: { type: "boolean", default: false },
    backend: { type: "string", default: "native" },
    peers: { type: "string", default: ".swirl/peers" },
    budget: { type: "string", default: "2048" },
    recompute: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
})
const shapeName = values.shape as ShapeName
const shape = shapes[shapeName]
if (shape === undefined) throw new Error(`--shape is ${values.shape}, not one of ${Object.keys(shapes).join(", ")}.`)
const threads = "2"
const environment = {
  ...process.env,
  OMP_NUM_THREADS: threads,
  OMP_WAIT_POLICY: "passive",
  TF_NUM_INTRAOP_THREADS: threads,
  TF_NUM_INTEROP_THREADS: "1",
  TOKENIZERS_PARALLELISM: "false",
  HF_HUB_OFFLINE: "1",
}
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Runs a side with the work on its standard input; its last line is what it measured. */
async function runSide(command: string, parts: string[], work: Work): Promise<Side> {
  const { lines, failure } = await runProcess(command, parts, { environment, input: JSON.stringify(work) })
  const line = lines.at(-1)
  if (failure !== undefined || line === undefined) throw new Error(failure ?? "it printed nothing")
  return JSON.parse(line) as Side
}

let modelFolder: string | undefined

/** Random weights are written once and read by every run, so that no run's memory holds how they were made. */
function ourModel(): string {
  if (modelFolder !== undefined) return modelFolder
  modelFolder = mkdtempSync(join(tmpdir(), "swirl-bench-"))
  process.on("exit", () => rmSync(modelFolder!, { recursive: true, force: true }))
  const parts = [...process.execArgv, path("train-model.ts"), shapeName, modelFolder, values.backend, values.peers]
  execFileSync(process.execPath, parts, { env: environment, stdio: ["ignore", "ignore", "inherit"] })
  return modelFolder
}

const ours = async (work: Work): Promise<Side> => {
  const options = [
    "--model",
    ourModel(),
    "--backend",
    values.backend,
    "--peers",
    values.peers,
    "--budget",
    values.budget,
  ]
  if (values.recompute) options.push("--recompute")
  return runSide(process.execPath, [...process.execArgv, path("train-child.ts"), ...options], work)
}
const python = (script: string, work: Work): Promise<Side> => {
  if (!values.python) throw new Error("no Python: --python or SWIRL_PYTHON names one with torch, peft and trl")
  return runSide(values.python, [path(script)], work)
}

interface Row {
  side: string
  precision: string
  measured?: Side
  /** What the measured seconds are multiplied with. */
  times: number
  skipped?: string
  work: Work
}

const rows: Row[] = []
const say = (line: string): void => console.error(line)
const actions = actionsOf(shapeName)
const count = Number(values.trajectories)
const precisions = values.precision === "both" ? (["f32", "bf16"] as const) : [values.precision as "f32" | "bf16"]
const makers: Record<string, (work: Work) => Promise<Side>> = {
  ours,
  torch: (work) => python("train_torch.py", work),
  trl: (work) => python("train_trl.py", work),
}

async function measure(side: string, precision: "f32" | "bf16", sizes: Parameters<typeof createWork>[0], times = 1) {
  const work = createWork(sizes)
  const row: Row = { side, precision, times, work }
  rows.push(row)
  try {
    say(`${side}, ${precision} …`)
    row.measured = await makers[side]!(work)
  } catch (error) {
    row.skipped = error instanceof Error ? error.message : String(error)
  }
  return row
}

if (values.scaling) {
  console.log(
    "| states a trajectory | actions a state | sampled tokens | seconds | ms a sampled token | peak GB |\n|-|-|-|-|-|-|",
  )
  const last = actions.lengths.at(-1)!
  const nested = (states: number): number[] =>
    Array.from({ length: states }, (_, i) => Math.round(last * (0.35 + (0.65 * (i + 1)) / states)))
  const points = [...[1, 2, 4, 8].map((states) => [states, 8]), ...[4, 8, 16, 32].map((samples) => [4, samples])]
  for (const [states = 1, samples = 1] of points) {
    const [precision = "f32"] = precisions
    const sizes = {
      shape,
      precision,
      trajectories: 1,
      lengths: nested(states),
      samples,
      actionTokens: actions.actionTokens,
    }
    const { measured, skipped } = await measure("ours", precision, sizes)
    const sampled = states * samples * actions.actionTokens
    if (measured === undefined) console.log(`| ${states} | ${samples} | skipped: ${skipped} |`)
    else
      console.log(
        `| ${states} | ${samples} | ${sampled} | ${measured.seconds.all.toFixed(2)} | ${((1000 * measured.seconds.all) / sampled).toFixed(2)} | ${(measured.peakBytes / 1e9).toFixed(2)} |`,
      )
  }
} else {
  for (const precision of precisions)
    for (const side of values.sides.split(",")) {
      const own = side === "trl" ? Math.min(count, Number(values["trl-trajectories"])) : count
      await measure(side, precision, { shape, precision, trajectories: own, ...actions }, count / own)
    }
  table()
}
if (values.json) console.log(JSON.stringify(rows.map(({ work: _, ...row }) => row)))

function table(): void {
  const sampled = count * actions.lengths.length * actions.samples * actions.actionTokens
  console.log(
    `Benchmark W, ${shapeName}: ${count} trajectories x ${actions.lengths.length} states of ${actions.lengths.join(", ")} tokens x ${actions.samples} actions of ${actions.actionTokens}; LoRA 16 on all linear weights; ${threads} threads; ${new Date().toISOString().slice(0, 10)}, ${process.arch}, Node ${process.version}.\n`,
  )
  console.log(
    "| side | seconds | sample | reference | update | tokens through the network | sampled tokens/s | GFLOP/s | peak GB | |\n|-|-|-|-|-|-|-|-|-|-|",
  )
  for (const { side, precision, measured, times, skipped, work } of rows) {
    if (measured === undefined) {
      console.log(`| ${side} ${precision} | skipped: ${skipped} |`)
      continue
    }
    const { seconds, tokens, peakBytes, note } = measured
    const through = tokens.prefilled + tokens.decoded + tokens.reference + tokens.trained
    const s = (value: number): string => (value * times).toFixed(1)
    const rate = weightOperations(work, measured) / seconds.all / 1e9
    const remarks = [times > 1 ? `measured on 1/${times} of the work, times ${times}` : "", note ?? ""]
    console.log(
      `| ${side} ${precision} | ${s(seconds.all)} | ${s(seconds.sample)} | ${s(seconds.reference)} | ${s(seconds.update)} | ${through * times} | ${(sampled / (seconds.all * times)).toFixed(0)} | ${rate.toFixed(0)} | ${(peakBytes / 1e9).toFixed(2)} | ${remarks.filter(Boolean).join("; ")} |`,
    )
  }
  for (const precision of precisions) goals(precision)
}

/** Goals beside what was reached. */
function goals(precision: string): void {
  const of = (side: string) => rows.find((row) => row.side === side && row.precision === precision && row.measured)
  const seconds = (row: Row): number => row.measured!.seconds.all * row.times
  const [mine, torch, trl] = [of("ours"), of("torch"), of("trl")]
  if (mine === undefined) return
  if (trl !== undefined) {
    console.log(
      `\n${precision}: ${(seconds(trl) / seconds(mine)).toFixed(1)} times TRL's speed (goal: 8) at ${(mine.measured!.peakBytes / trl.measured!.peakBytes).toFixed(2)} of its peak memory (goal: 0.25)`,
    )
  }
  if (torch !== undefined)
    console.log(
      `${precision}: ${(seconds(torch) / seconds(mine)).toFixed(2)} times the speed of the same packing in torch (goal: 0.9)`,
    )
}
