#!/usr/bin/env node
// In the workspace this runs from source, with no build step, under the pinned Node; the published package has only dist.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import module from "node:module"
import { fileURLToPath } from "node:url"

const source = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const bootstrap = fileURLToPath(new URL("../../../scripts/bootstrap.mjs", import.meta.url))
const fromSource = process.execArgv.some((flag) => flag.includes("@swirl-ts/source"))

// Compiled code is kept between runs (NODE_DISABLE_COMPILE_CACHE=1 says no): starting takes half the time.
module.enableCompileCache?.()
if (!existsSync(source)) await import("../dist/main.js")
else if (fromSource) await import("../src/main.ts")
else {
  const child = spawn(process.execPath, [bootstrap, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  })
  process.on("SIGINT", () => {})
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code) => process.exit(code ?? 1))
}
