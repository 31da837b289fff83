/** What building the native backend needs of a machine, asked for before anything is downloaded. */
import { existsSync, readdirSync, statfsSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { cpuPackage, gpuPackage, packageDirectory } from "./package.ts"
import { runTool } from "./run-tool.ts"

/** The machine lacks something: the message says what, and what to do. Nothing was written. */
export class MissingPrerequisite extends Error {
  override readonly name = "MissingPrerequisite"
}

/** Gigabytes, measured 2026-11-29 with TensorFlow 2.21: what stays, and the most that lay there on the way. */
const sizes = { cpu: { stays: 1.2, peak: 1.5 }, cuda: { stays: 6.5, peak: 7.5 } }

export async function checkPrerequisites(directory: string, cuda: boolean, log: (line: string) => void): Promise<void> {
  checkPlatform(cuda)
  await checkTools()
  log("tools: npm, python3, pip, make and g++ are there")
  log(checkDisk(directory, cuda))
}

export function checkPlatform(
  cuda: boolean,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): void {
  if (platform !== "linux")
    throw new MissingPrerequisite(
      `The native backend is built from TensorFlow's Linux wheel; this is ${platform}. Use the wasm backend.`,
    )
  if (cuda && arch !== "x64")
    throw new MissingPrerequisite(
      `TensorFlow has wheels with CUDA for Linux on x64 alone; this is ${arch}. Without --cuda, the build for the CPU is made.`,
    )
}

async function checkTools(): Promise<void> {
  const tools: [name: string, tool: string, args: string[], hint: string][] = [
    ["npm", "npm", ["--version"], "it comes with Node"],
    ["python3", "python3", ["--version"], "install Python 3"],
    ["pip", "python3", ["-m", "pip", "--version"], "python3 -m ensurepip, or your system's python3-pip"],
    ["make", "make", ["--version"], "install your system's build tools"],
    ["g++", "g++", ["--version"], "install your system's C++ compiler"],
  ]
  const missing: string[] = []
  for (const [name, tool, args, hint] of tools)
    await runTool(tool, args, { cwd: "." }).catch(() => missing.push(`${name} (${hint})`))
  if (missing.length > 0)
    throw new MissingPrerequisite(
      `The native backend cannot be built here: missing ${missing.join(", ")}. The wasm backend needs none of it.`,
    )
}

/** A line that says what is taken of the disk; throws where that is not there. `there`: what an earlier run has left of it. */
export function checkDisk(
  directory: string,
  cuda: boolean,
  free = freeGigabytes(directory),
  there = gigabytesIn(join(packageDirectory(directory, cuda ? gpuPackage : cpuPackage), "deps")),
): string {
  const { stays, peak } = cuda ? sizes.cuda : sizes.cpu
  if (free < peak - there)
    throw new MissingPrerequisite(
      `The ${cuda ? "CUDA" : "native"} build needs ${(peak - there).toFixed(1)} GB of free disk in ${directory} (${stays} GB stay); ${free.toFixed(1)} GB are free. Free some, or name another folder: SWIRL_PEERS=<folder>.`,
    )
  const found = there > 0.1 ? `, ${there.toFixed(1)} GB of them are there already` : ""
  return `disk: about ${stays} GB in ${directory}${found}, ${peak} GB on the way; ${free.toFixed(0)} GB are free`
}

function freeGigabytes(directory: string): number {
  let there = directory
  while (!existsSync(there)) there = dirname(there)
  const { bavail, bsize } = statfsSync(there)
  return (bavail * bsize) / 1e9
}

function gigabytesIn(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1e9
}
