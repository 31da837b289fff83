#!/usr/bin/env node
// In the workspace this runs from source, with no build step, under the pinned Node; the published package has only dist.
// Every Node since 14 can read this file: one that is too old for the rest says so in a sentence.
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import module from "node:module"
import { fileURLToPath } from "node:url"

const source = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const bootstrap = fileURLToPath(new URL("../../../scripts/bootstrap.mjs", import.meta.url))
const fromSource = process.execArgv.some((flag) => flag.includes("@swirl-ts/source"))

/** The oldest Node that package.json's engines name, where this one is older. */
function neededNode() {
  const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  const oldest = engines.node.replace(">=", "")
  const [major, minor] = oldest.split(".").map(Number)
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number)
  return ownMajor < major || (ownMajor === major && ownMinor < minor) ? oldest : undefined
}

async function run(main) {
  const needed = neededNode()
  if (needed) {
    process.stderr.write(
      `swirl needs Node ${needed} or newer, this is ${process.version}; nodejs.org has the newest.\n`,
    )
    process.exit(2)
  }
  // Compiled code is kept between runs (NODE_DISABLE_COMPILE_CACHE=1 says no): starting takes half the time.
  module.enableCompileCache?.()
  await import(main)
}

if (!existsSync(source)) await run("../dist/main.js")
else if (fromSource) await run("../src/main.ts")
else {
  const child = spawn(process.execPath, [bootstrap, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  })
  process.on("SIGINT", () => {})
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code) => process.exit(code ?? 1))
}
