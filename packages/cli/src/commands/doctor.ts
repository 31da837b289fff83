import { availableParallelism, totalmem } from "node:os"
import { hasPeer, peersDirectory } from "@swirl-ts/kit"
import { backendStatus } from "@swirl-ts/transformer"
import { version } from "../version.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "doctor",
  description: "what this machine can do",
  run({ host, registry, configPath }) {
    const status = backendStatus({ peersDirectory: peersDirectory(host) })
    return {
      version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processors: availableParallelism(),
      memoryGigabytes: Math.round(totalmem() / 1e9),
      config: configPath,
      plugins: registry.plugins.map(({ meta }) => `${meta.name} ${meta.version}`),
      broken: registry.broken,
      notices: registry.notices.length > 0 ? registry.notices : undefined,
      backend: { default: status.native.installed ? "native" : "wasm", ...status },
      llama: { installed: hasPeer({ folder: "node-llama-cpp", module: "node-llama-cpp" }, host) },
      cacheDirectory: host.cacheDirectory,
    }
  },
  text: ({ node, platform, processors, memoryGigabytes, config, plugins, broken, backend, llama, cacheDirectory }) => [
    `swirl ${version}, Node ${node}, ${platform}, ${processors} processors, ${memoryGigabytes} GB`,
    `config: ${config ?? "none: the official plugins"}`,
    `plugins: ${plugins.join(", ")}`,
    ...broken.map(({ origin, message }) => `cannot be used: ${origin}: ${message}`),
    `local models and training: ${backend.default}${backend.native.installed ? "" : " (native is faster: swirl backend install)"}`,
    `llama.cpp models: ${llama.installed ? "ready" : "not installed (llama:<file> prints the command)"}`,
    `downloads and caches: ${cacheDirectory}`,
  ],
})
