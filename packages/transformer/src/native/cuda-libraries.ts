/**
 * NVIDIA's libraries for the GPU build, from the wheels that TensorFlow's own wheel names. They are laid beside TensorFlow's
 * library as Python lays them, `nvidia/<library>/lib`, because they look for each other that way.
 * Invariant: a library whose wheel's notes are there is whole.
 */
import { existsSync, lstatSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { runTool, type Steps, ToolFailure } from "./run-tool.ts"
import { noteFiles, readNotes, unpackWheel } from "./wheel.ts"

/** TensorFlow compiles nothing for a GPU by itself here: the driver does. */
const notNeeded = /^nvidia-cuda-nvcc-/

/** What the extra `and-cuda` in a wheel's METADATA requires, as pip takes it. */
export const cudaRequirements = (metadata: string): string[] =>
  [...metadata.matchAll(/^Requires-Dist: *(nvidia-[^;]+?) *;.*\bextra *== *["']and-cuda["']/gm)]
    .map(([, requirement = ""]) => requirement.replace(/[\s()]/g, ""))
    .filter((requirement) => !notNeeded.test(requirement))

/** `deps`: where TensorFlow's wheel was unpacked to; `downloads`: for wheels, deleted one by one. */
export async function installCudaLibraries(deps: string, downloads: string, steps: Steps): Promise<void> {
  const requirements = cudaRequirements(readNotes(deps, "tensorflow") ?? "")
  if (requirements.length === 0)
    throw new Error(`TensorFlow's wheel names no NVIDIA libraries for ${process.platform} ${process.arch}.`)
  for (const [i, requirement] of requirements.entries()) {
    const [name = ""] = requirement.split(/[<>=!~]/)
    if (readNotes(deps, name) !== undefined) continue
    steps.log(`pip: ${requirement} (${i + 1} of ${requirements.length})`)
    const files = [["nvidia/.+/lib/.+", "\\g<0>"], noteFiles] as const
    await unpackWheel({ requirement, downloads, target: deps, files }, steps)
  }
  const nvidia = join(deps, "nvidia")
  linkLibraries(nvidia)
  await checkLibraries(nvidia)
}

/**
 * TensorFlow 2.21 looks for most libraries in their own folders and for cuSOLVER in none of them, so every one is linked into
 * a folder where it looks. From there they find each other as before: all folders lie side by side.
 */
function linkLibraries(nvidia: string): void {
  const common = join(nvidia, "cuda_runtime", "lib")
  for (const file of libraryFiles(nvidia)) {
    const path = join(common, basename(file))
    if (dirname(file) === common || existsSync(path)) continue
    rmSync(path, { force: true })
    symlinkSync(relative(common, file), path)
  }
}

const libraryFiles = (nvidia: string): string[] =>
  readdirSync(nvidia)
    .flatMap((library) => readdirSync(join(nvidia, library, "lib")).map((file) => join(nvidia, library, "lib", file)))
    .filter((file) => /\.so(\.\d+)*$/.test(file) && !lstatSync(file).isSymbolicLink())

/** Python that opens libraries with everything that they need (argv: files), where that is not the driver itself. */
const open = `
import ctypes, sys
for file in sys.argv[1:]:
    try: ctypes.CDLL(file)
    except OSError as error:
        if "libcuda.so.1" not in str(error): sys.exit(str(error))
`

async function checkLibraries(nvidia: string): Promise<void> {
  try {
    await runTool("python3", ["-c", open, ...libraryFiles(nvidia)], { cwd: nvidia })
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    throw new Error(`One of NVIDIA's libraries in ${nvidia} cannot be opened: ${error.output.split("\n").at(-1)}`)
  }
}
