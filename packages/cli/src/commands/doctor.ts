import { availableParallelism, totalmem } from "node:os"
import { hasPeer, peersDirectory } from "@swirl-ts/kit"
import { backendStatus } from "@swirl-ts/transformer"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"
import { version } from "../version.ts"

export function registerDoctor(program: Command): void {
  withCommonOptions(program.command("doctor").description("what this machine can do")).action(
    async (options: CommonOptions) => {
      const { host, registry, loaded, output } = await openApp(options)
      const status = backendStatus({ peersDirectory: peersDirectory(host) })
      const llama = hasPeer({ folder: "node-llama-cpp", module: "node-llama-cpp" }, host)
      const document = {
        version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        processors: availableParallelism(),
        memoryGigabytes: Math.round(totalmem() / 1e9),
        config: loaded.path,
        plugins: registry.plugins.map(({ meta }) => `${meta.name} ${meta.version}`),
        broken: registry.broken,
        backend: { default: status.native.installed ? "native" : "wasm", ...status },
        llama: { installed: llama },
        cacheDirectory: host.cacheDirectory,
      }
      output.result(document, [
        `swirl ${version}, Node ${process.version}, ${document.platform}, ${document.processors} processors, ${document.memoryGigabytes} GB`,
        `config: ${loaded.path ?? "none: the official plugins"}`,
        `plugins: ${document.plugins.join(", ")}`,
        ...registry.broken.map(({ origin, message }) => `cannot be used: ${origin}: ${message}`),
        `local models and training: ${document.backend.default}${status.native.installed ? "" : " (native is faster: swirl backend install)"}`,
        `llama.cpp models: ${llama ? "ready" : "not installed (llama:<file> prints the command)"}`,
        `downloads and caches: ${host.cacheDirectory}`,
      ])
    },
  )
}
