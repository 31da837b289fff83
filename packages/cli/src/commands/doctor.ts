import { availableParallelism, totalmem } from "node:os"
import { errorMessage, type Host } from "@swirl-ts/core"
import { hasPeer, peersDirectory } from "@swirl-ts/kit"
import type { BackendStatus } from "@swirl-ts/transformer"
import { leftOut } from "../left-out.ts"
import { nearestPackage } from "../nearest-package.ts"
import { version } from "../version.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "doctor",
  description: "what this machine can do, and what is wrong with config and plugins; exit code 1 where something is",
  plugins: "usable",
  async run({ host, registry, configPath, problems }) {
    const backend = await backendOf(host)
    return {
      version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processors: availableParallelism(),
      memoryGigabytes: Math.round(totalmem() / 1e9),
      package: nearestPackage(host.workingDirectory),
      config: configPath,
      problems: [...problems, ...(backend.problem ? [backend.problem] : [])],
      plugins: registry.plugins.map(({ meta }) => `${meta.name} ${meta.version}`),
      broken: registry.broken,
      notices: registry.notices.length > 0 ? registry.notices : undefined,
      backend: backend.status,
      llama: { installed: hasPeer({ folder: "node-llama-cpp", module: "node-llama-cpp" }, host) },
      cacheDirectory: host.cacheDirectory,
    }
  },
  text: ({ node, platform, processors, memoryGigabytes, backend, llama, cacheDirectory, ...found }) => [
    `swirl ${version}, Node ${node}, ${platform}, ${processors} processors, ${memoryGigabytes} GB`,
    `package.json: ${found.package ? `${found.package.path} (${found.package.type ?? "no type"})` : "none here or above"}`,
    `config: ${found.config ?? "none: the official plugins"}`,
    ...found.problems.map((sentence) => `problem: ${sentence}`),
    `plugins: ${found.plugins.join(", ")}`,
    ...found.broken.map((broken) => `cannot be used: ${leftOut(broken)}`),
    ...(backend
      ? [
          `local models and training: ${backend.default}${buildOf(backend.native)}`,
          ...(backend.native.problem ? [backend.native.problem] : []),
        ]
      : []),
    `llama.cpp models: ${llama.installed ? "ready" : "not installed (llama:<file> prints the command)"}`,
    `downloads and caches: ${cacheDirectory}`,
  ],
  exitCode: ({ problems, broken }) => (problems.length + broken.length > 0 ? 1 : 0),
})

/** Which build of the native backend, or how to get one. */
function buildOf({ installed, package: name, problem }: BackendStatus["native"]): string {
  if (!installed) return " (native is faster: swirl backend install)"
  return name?.endsWith("-gpu") && problem === undefined ? ", on an NVIDIA GPU" : ""
}

/** The library is loaded here, so that an installation without it is told of it too. */
async function backendOf(host: Host) {
  try {
    const { backendStatus } = await import("@swirl-ts/transformer")
    const status = backendStatus({ peersDirectory: peersDirectory(host) })
    return { status: { default: status.native.installed ? "native" : "wasm", ...status } }
  } catch (error) {
    return { problem: `Local models and training are not there: ${errorMessage(error)}. Install @swirl-ts/cli again.` }
  }
}
