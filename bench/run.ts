/** `npm run bench -- <name> [options]` runs `bench/<name>.ts`. */
import { existsSync, readdirSync } from "node:fs"

const [name = "", ...rest] = process.argv.slice(2)
const file = new URL(`./${name}.ts`, import.meta.url)
const own = [
  "run.ts",
  "altered-passages.ts",
  "echo-benchmark.ts",
  "figures.ts",
  "gpu-child.ts",
  "gpu-memory.ts",
  "gpu-parts.ts",
  "gpu-report.ts",
  "in-process-model.ts",
  "inspect-child.ts",
  "requests-child.ts",
  "requests-server.ts",
  "run-process.ts",
  "search-child.ts",
  "search-quality.ts",
  "search-worlds.ts",
  "train-child.ts",
  "train-model.ts",
  "train-work.ts",
  "viewer-child.ts",
]
if (!/^[a-z-]+$/.test(name) || !existsSync(file) || own.includes(`${name}.ts`)) {
  const names = readdirSync(new URL(".", import.meta.url)).filter((each) => each.endsWith(".ts") && !own.includes(each))
  console.error(`npm run bench -- <name>, one of: ${names.map((each) => each.slice(0, -3)).join(", ")}`)
  process.exit(2)
}
process.argv.splice(2, process.argv.length, ...rest)
await import(file.href)
