#!/usr/bin/env node
// In the workspace this runs from source; the published package has only dist.
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
const [needed, has] = [engines.node.replace(/^\D*/, ""), process.versions.node].map((text) =>
  text.split(".").map(Number),
)
if (has[0] < needed[0] || (has[0] === needed[0] && has[1] < needed[1])) {
  process.stderr.write(
    `This needs Node ${needed.join(".")} or newer, which runs TypeScript plugins; it is ${process.version}.\n`,
  )
  process.exitCode = 2
} else {
  const source = new URL("../src/main.ts", import.meta.url)
  await import(existsSync(fileURLToPath(source)) ? source.href : "../dist/main.js")
}
