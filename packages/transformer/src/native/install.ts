/**
 * Builds the native TensorFlow backend into a folder of its own: tfjs-node's sources against the library in TensorFlow's wheel.
 * Invariant: every step looks first whether its result is there, so a broken run is continued by running it again.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, extname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { installCudaLibraries } from "./cuda-libraries.ts"
import { checkPrerequisites } from "./install-prerequisites.ts"
import {
  bindingFile,
  cpuPackage,
  gpuPackage,
  gpuProblem,
  type NativeDevice,
  type NativePackage,
  packageDirectory,
} from "./package.ts"
import { runTool, type Steps, ToolFailure } from "./run-tool.ts"
import { noteFiles, unpackWheel } from "./wheel.ts"

export interface NativeInstallOptions {
  /** The peers directory; the package goes to its node_modules. */
  directory: string
  /** Build tfjs-node-gpu against TensorFlow's CUDA wheel and NVIDIA's libraries (Linux on x64). Default false. */
  cuda?: boolean
  /** Gets a line a step. */
  log?: (line: string) => void
  /** Ends the installation; the next one goes on from there. */
  abortSignal?: AbortSignal
}

/** What was installed, as it computes here. */
export interface InstalledNative {
  device: NativeDevice
  /** Why the GPU build computes on the CPU, as a sentence. */
  problem?: string
}

const version = "4.22.0"
const wheelRange = ">=2.16,<3"

/**
 * Installs, builds and verifies. Throws an Error naming the step that failed; a `MissingPrerequisite` before anything was
 * written, where the machine lacks something.
 */
export async function installNativeBackend(options: NativeInstallOptions): Promise<InstalledNative> {
  const { cuda = false, log = () => {}, abortSignal: signal } = options
  const directory = resolve(options.directory)
  const name = cuda ? gpuPackage : cpuPackage
  const home = packageDirectory(directory, name)
  if (!existsSync(join(home, bindingFile))) {
    await checkPrerequisites(directory, cuda, log)
    mkdirSync(directory, { recursive: true })
    if (!existsSync(join(directory, "package.json")))
      writeFileSync(join(directory, "package.json"), '{ "private": true }\n')
    if (!existsSync(join(home, "binding.gyp"))) {
      log(`npm: ${name}@${version} into ${directory}`)
      await installPackage(directory, `${name}@${version}`, signal)
    }
    await unpackLibraries(directory, home, cuda, { log, signal })
    log("build: node-pre-gyp install --build-from-source")
    await runTool("npx", ["--no", "node-pre-gyp", "install", "--build-from-source"], {
      cwd: home,
      environment: headers(),
      signal,
    })
  }
  const device = await verify({ package: name, directory: home })
  log(`verified: a product of two matrices on the ${device.toUpperCase()}; ${name} ${version} lies in ${home}`)
  return { device, problem: cuda ? gpuProblem(directory, device) : undefined }
}

async function installPackage(directory: string, name: string, signal?: AbortSignal): Promise<void> {
  const flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
  try {
    await runTool("npm", ["install", "--prefix", directory, name, ...flags], { cwd: directory, signal })
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    const [reason = error.message] = error.output.match(/(?<=^npm (?:error|ERR!) )(?!code|syscall|errno|path).*/m) ?? []
    throw new Error(`npm could not install ${name} (${reason}). Run the command again to go on from here.`)
  }
}

/** TensorFlow's library and headers, and NVIDIA's libraries; every wheel is deleted when it is unpacked. */
async function unpackLibraries(directory: string, home: string, cuda: boolean, steps: Steps) {
  const deps = join(home, "deps")
  const downloads = join(directory, "wheels")
  if (!existsSync(join(deps, "lib/libtensorflow.so"))) {
    const requirement = `${cuda ? "tensorflow" : "tensorflow-cpu"}${wheelRange}`
    steps.log(`pip: ${requirement} (${cuda ? "some 600 MB" : "a few hundred MB"})`)
    const files = [
      ["tensorflow/(include/.+)", "\\1"],
      noteFiles,
      ["tensorflow/(libtensorflow_framework\\.so\\.2)", "lib/\\1"],
      ["tensorflow/libtensorflow_cc\\.so\\.2", "lib/libtensorflow.so"],
    ] as const
    await unpackWheel({ requirement, downloads, target: deps, files }, steps)
  }
  link(join(deps, "lib/libtensorflow_framework.so"), "libtensorflow_framework.so.2")
  link(join(deps, "lib/libtensorflow_cc.so.2"), "libtensorflow.so")
  if (cuda) await installCudaLibraries(deps, downloads, steps)
}

function link(path: string, target: string): void {
  rmSync(path, { force: true })
  symlinkSync(target, path)
}

/** node-gyp downloads Node's headers unless told where they lie; those of any Node do, the binding uses Node-API only. */
function headers(): Record<string, string> {
  if (process.env.npm_config_nodedir !== undefined) return {}
  const places = [dirname(dirname(process.execPath)), "/usr/local", "/usr"]
  const found = places.find((place) => existsSync(join(place, "include/node/node_api.h")))
  return found === undefined ? {} : { npm_config_nodedir: found }
}

/** Loads the built package in a process of its own, as this one may have loaded another, and multiplies two matrices. */
async function verify({ package: name, directory }: NativePackage): Promise<NativeDevice> {
  const check = fileURLToPath(new URL(`./check${extname(import.meta.url)}`, import.meta.url))
  const { stdout } = await runTool(process.execPath, [...process.execArgv, check, name, directory], {
    cwd: directory,
    shown: `loading ${directory}`,
  })
  const { product, device } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
    product: number[]
    device: NativeDevice
  }
  if (`${product}` !== "19,22,43,50")
    throw new Error(`The native backend in ${directory} multiplies wrongly: got ${product}.`)
  return device
}
