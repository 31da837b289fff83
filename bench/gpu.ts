/**
 * Native TensorFlow on an NVIDIA GPU: the numbers of the CPU, then times and the GPU's memory, in one command and eight minutes.
 *   npm run bench -- gpu [--out folder]
 * --out $OUT, else .swirl/gpu   --peers .swirl/peers   --seconds 480   --shape 135m|1.5b|tiny
 * --allow-cpu: goes on without a GPU, to try this script itself; nothing that it then prints is a figure of a GPU
 * The CUDA build is installed where it is missing, which needs a network; without one, --peers is a folder that
 * `swirl backend install --cuda` filled elsewhere. Exit codes: 0, 1 where a number is not the CPU's or a part failed, 2 where
 * this machine cannot run it. gpu.json and gpu.md are written after every part, so a killed run leaves what it found.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { errorMessage } from "@swirl-ts/core"
import { installNativeBackend } from "@swirl-ts/transformer"
import { withoutGpu } from "../packages/transformer/src/native/nvidia-driver.ts"
import { gpuName, watchGpuMemory } from "./gpu-memory.ts"
import { compare, type Found } from "./gpu-parts.ts"
import { type GpuReport, holds, type PartReport, reportTable } from "./gpu-report.ts"
import { runProcess } from "./run-process.ts"
import { actionsOf, createWork, type ShapeName, type Side, shapes } from "./train-work.ts"

const { values } = parseArgs({
  options: {
    out: { type: "string", default: process.env.OUT || ".swirl/gpu" },
    peers: { type: "string", default: ".swirl/peers" },
    seconds: { type: "string", default: "480" },
    shape: { type: "string", default: "135m" },
    "allow-cpu": { type: "boolean", default: false },
  },
})
const ends = performance.now() + 1000 * Number(values.seconds)
const shapeName = values.shape as ShapeName
const peers = resolve(values.peers)
const say = (line: string): void => console.error(line)
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** This machine cannot run it. */
function stop(sentence: string): never {
  say(sentence)
  process.exit(2)
}

if (!(shapeName in shapes)) stop(`--shape is ${values.shape}, not one of ${Object.keys(shapes).join(", ")}.`)
if (!(Number(values.seconds) > 0)) stop(`--seconds is ${values.seconds}, not a number above 0.`)
const without = withoutGpu()
if (without !== undefined && !values["allow-cpu"])
  stop(
    `There is nothing to measure here: ${without}. With --allow-cpu the script goes on without a GPU, to try itself.`,
  )
try {
  await installNativeBackend({ directory: peers, cuda: true, log: say })
} catch (error) {
  stop(
    `The CUDA build is not ready in ${peers}: ${errorMessage(error)}\nWithout a network, copy the peers folder of a machine where \`swirl backend install --cuda\` has been run, and name it with --peers.`,
  )
}

const folder = mkdtempSync(join(tmpdir(), "swirl-gpu-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
mkdirSync(values.out, { recursive: true })
const report: GpuReport = {
  date: new Date().toISOString(),
  node: process.version,
  shape: shapeName,
  gpu: await gpuName(),
  comparisons: [],
  parts: [],
}

function write(): void {
  writeFileSync(join(values.out, "gpu.json"), `${JSON.stringify(report, undefined, 2)}\n`)
  writeFileSync(join(values.out, "gpu.md"), reportTable(report))
}

interface PartOptions {
  /** The GPU is hidden. */
  cpu?: boolean
  input?: string
  /** Of the time that is left, the most that it may take. */
  share: number
}

async function part(name: string, script: string, options: string[], { cpu = false, input, share }: PartOptions) {
  say(`${name} …`)
  const start = performance.now()
  const memory = watchGpuMemory()
  const { lines, failure } = await runProcess(
    process.execPath,
    [...process.execArgv, path(script), ...options, "--peers", peers],
    {
      environment: cpu ? { ...process.env, CUDA_VISIBLE_DEVICES: "-1" } : process.env,
      input,
      timeout: Math.max(1, Math.round(share * (ends - start))),
    },
  )
  const peak = await memory.stop()
  const found = lines.filter((line) => line.startsWith("{")).map((line): Found | Side => JSON.parse(line))
  const result: PartReport = {
    name,
    seconds: (performance.now() - start) / 1000,
    measured: found.flatMap((each) => ("what" in each ? [each] : [])),
    side: found.flatMap((each) => ("peakBytes" in each ? [each] : []))[0],
    gpuMebibytes: cpu ? undefined : peak,
    failure: failure === "SIGKILL" ? "stopped: its share of --seconds was over" : failure,
  }
  report.parts.push(result)
  if (result.failure !== undefined) say(`${name}: ${result.failure}`)
  write()
  return {
    started: found.flatMap((each) => ("device" in each ? [each] : []))[0],
    checked: found.flatMap((each) => ("check" in each ? [each] : [])),
  }
}

const { started, checked } = await part("checks on the GPU", "gpu-child.ts", ["--part", "check"], { share: 0.5 })
report.device = started?.device
report.tensorflow = started?.tensorflow
if (started?.device === "cpu" && !values["allow-cpu"])
  stop(
    "TensorFlow started no GPU though a driver is there; TF_CPP_MIN_LOG_LEVEL=0 swirl backend install --cuda shows why.",
  )
const onCpu = await part("the same on the CPU", "gpu-child.ts", ["--part", "check"], { cpu: true, share: 0.5 })
report.comparisons = compare(checked, onCpu.checked)

const tiny = shapeName === "tiny"
const model = join(folder, "model")
const parts = [...process.execArgv, path("train-model.ts"), shapeName, model, "native", peers]
const { failure } = await runProcess(process.execPath, parts)
if (failure !== undefined) stop(`The model of random weights could not be written: ${failure}`)
for (const precision of ["f32", "bf16"] as const) {
  const options = ["--part", "speed", "--model", model, "--precision", precision, ...(tiny ? ["--tiny"] : [])]
  await part(`parts of an iteration, ${precision}`, "gpu-child.ts", options, { share: 0.4 })
}
for (const precision of ["f32", "bf16"] as const) {
  const work = createWork({ shape: shapes[shapeName], precision, trajectories: tiny ? 1 : 4, ...actionsOf(shapeName) })
  const input = JSON.stringify(work)
  await part(`Benchmark W, ${precision}`, "train-child.ts", ["--model", model], { input, share: 0.6 })
}
write()
process.stdout.write(reportTable(report))
say(`gpu.json and gpu.md lie in ${resolve(values.out)}.`)
process.exitCode = holds(report) ? 0 : 1
