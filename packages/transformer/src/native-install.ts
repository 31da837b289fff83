/**
 * Builds the native TensorFlow backend into a folder of its own: tfjs-node's sources against the library in TensorFlow's wheel.
 * Invariant: every step looks first whether its result is there, so a broken run is continued by running it again.
 */
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import * as tf from "@tensorflow/tfjs-core"
import { backendStatus, initBackend } from "./backend.ts"

export interface NativeInstallOptions {
  /** The peers directory; the package goes to its node_modules. */
  directory: string
  /** Build tfjs-node-gpu against the CUDA wheel (about 600 MB). Default false. */
  cuda?: boolean
  /** Gets a line a step. */
  log?: (line: string) => void
}

const version = "4.22.0"
const wheelRange = ">=2.16,<3"

/** Installs, builds and verifies. Linux only. Throws an Error naming the step that failed and what is missing. */
export async function installNativeBackend(options: NativeInstallOptions): Promise<void> {
  const { cuda = false, log = () => {} } = options
  const directory = resolve(options.directory)
  const name = cuda ? "tfjs-node-gpu" : "tfjs-node"
  const wheel = cuda ? "tensorflow" : "tensorflow-cpu"
  const home = join(directory, "node_modules", "@tensorflow", name)
  if (process.platform !== "linux")
    throw new Error(
      `The native backend is built from TensorFlow's Linux wheel; this is ${process.platform}. Use the wasm backend.`,
    )
  if (!existsSync(join(home, "lib/napi-v8/tfjs_binding.node"))) {
    await needTools(log)
    mkdirSync(directory, { recursive: true })
    if (!existsSync(join(directory, "package.json")))
      writeFileSync(join(directory, "package.json"), '{ "private": true }\n')
    if (!existsSync(join(home, "binding.gyp"))) {
      log(`npm: @tensorflow/${name}@${version} into ${directory}`)
      const flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
      await command("npm", ["install", "--prefix", directory, `@tensorflow/${name}@${version}`, ...flags], directory)
    }
    const wheels = join(directory, "wheels")
    if (!existsSync(join(home, "deps/lib/libtensorflow.so"))) {
      log(`pip: ${wheel}${wheelRange} (a few hundred MB)`)
      await command(
        "python3",
        ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, `${wheel}${wheelRange}`],
        directory,
      )
      log("unpack: the library and all of its headers")
      await command("python3", ["-c", unpack, join(wheels, newestWheel(wheels, wheel)), join(home, "deps")], directory)
      rmSync(wheels, { recursive: true, force: true })
    }
    link(join(home, "deps/lib/libtensorflow_framework.so"), "libtensorflow_framework.so.2")
    link(join(home, "deps/lib/libtensorflow_cc.so.2"), "libtensorflow.so")
    log("build: node-pre-gyp install --build-from-source")
    await command("npx", ["--no", "node-pre-gyp", "install", "--build-from-source"], home, headers())
  }
  await verify(directory)
  log(`verified: a product of two matrices; ${name} ${version} lies in ${home}`)
}

/** Python that copies libtensorflow and the headers out of the wheel (argv: wheel, deps folder); the library comes last. */
const unpack = `
import os, shutil, sys, zipfile
wheel, deps = sys.argv[1:]
with zipfile.ZipFile(wheel) as z:
    def put(name, target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with z.open(name) as source, open(target + ".part", "wb") as out: shutil.copyfileobj(source, out, 1 << 24)
        os.replace(target + ".part", target)
    for n in z.namelist():
        if n.startswith("tensorflow/include/") and not n.endswith("/"): put(n, deps + "/include/" + n[len("tensorflow/include/"):])
    put("tensorflow/libtensorflow_framework.so.2", deps + "/lib/libtensorflow_framework.so.2")
    put("tensorflow/libtensorflow_cc.so.2", deps + "/lib/libtensorflow.so")
`

async function needTools(log: (line: string) => void): Promise<void> {
  const tools: [string, string[], string][] = [
    ["npm", ["--version"], "it comes with Node"],
    ["python3", ["--version"], "install Python 3"],
    ["python3", ["-m", "pip", "--version"], "install pip (python3 -m ensurepip, or your system's python3-pip)"],
    ["make", ["--version"], "install your system's build tools"],
    ["g++", ["--version"], "install your system's C++ compiler"],
  ]
  const missing: string[] = []
  for (const [tool, args, hint] of tools) {
    const shown = args.includes("pip") ? "pip" : tool
    await command(tool, args, ".").catch(() => missing.push(`${shown} (${hint})`))
  }
  if (missing.length > 0)
    throw new Error(
      `The native backend cannot be built here: missing ${missing.join(", ")}. The wasm backend needs none of it.`,
    )
  log("tools: npm, python3, pip, make and g++ are there")
}

function newestWheel(folder: string, name: string): string {
  const prefix = `${name.replaceAll("-", "_")}-`
  const found = readdirSync(folder)
    .filter((file) => file.startsWith(prefix) && file.endsWith(".whl"))
    .sort()
  const last = found.at(-1)
  if (last === undefined) throw new Error(`pip left no wheel of ${name} in ${folder}.`)
  return last
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

function command(
  tool: string,
  args: readonly string[],
  cwd: string,
  extra: Record<string, string> = {},
): Promise<void> {
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`
  return new Promise((done, fail) => {
    const child = spawn(tool, args, {
      cwd,
      env: { ...process.env, ...extra, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let output = ""
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000)
    }
    child.stdout.on("data", keep)
    child.stderr.on("data", keep)
    const shown = `${tool} ${args[0] === "-c" ? "(unpack the wheel)" : args.join(" ")}`
    child.on("error", (error) => fail(new Error(`${shown}: could not be started: ${error.message}`)))
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(`${shown}: failed with code ${code} in ${cwd}:\n${output.trim()}`)),
    )
  })
}

/** Loads the built backend, multiplies two matrices, and puts the former backend back. */
async function verify(directory: string): Promise<void> {
  const before = backendStatus().active
  await initBackend("native", { peersDirectory: directory })
  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync(),
  )
  if (before !== undefined) await initBackend(before)
  if (`${product}` !== "19,22,43,50")
    throw new Error(`The native backend in ${directory} multiplies wrongly: got ${product}.`)
}
