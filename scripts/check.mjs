/** Types, lint and boundaries of the whole workspace; stops at the first that fails. */
import { spawnSync } from "node:child_process"

const bin = (name) => `node_modules/${name}`
const checks = [
  ["types", bin("typescript/bin/tsc"), ["-p", "."]],
  ["lint", bin("@biomejs/biome/bin/biome"), ["check", ".", "--max-diagnostics=30"]],
  [
    "boundaries",
    bin("dependency-cruiser/bin/dependency-cruiser.mjs"),
    ["packages", "--config", ".dependency-cruiser.mjs"],
  ],
]
for (const [name, script, args] of checks) {
  process.stdout.write(`check ${name}\n`)
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
