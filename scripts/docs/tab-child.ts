/**
 * The page's loop, small, in a process of its own; prints every file of the run folder that it leaves. Under the condition
 * `browser` the files are in memory, as in a tab.
 *
 *   node -C @swirl-ts/source [-C browser] scripts/docs/tab-child.ts <settings as JSON> <run folder>
 */
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname } from "node:path"
import * as platform from "@swirl-ts/platform"
import { initBackend } from "@swirl-ts/transformer"
import { type LoopSettings, runLoop } from "../../docs/tab/loop.ts"

const [settings = "", directory = ""] = process.argv.slice(2)
const model = new URL("../../packages/policy-nano/model/", import.meta.url)
const nano = `${directory}-nano`
await platform.mkdir(nano, { recursive: true })
for (const name of readdirSync(model)) await platform.writeFile(`${nano}/${name}`, readFileSync(new URL(name, model)))
const wasm = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")
await initBackend("wasm", { wasmFiles: `${dirname(wasm)}/` })

const host = { cacheDirectory: `${directory}-cache`, workingDirectory: "/", environment: { SWIRL_NANO: nano } }
const { cell } = await runLoop(JSON.parse(settings) as LoopSettings, { host, directory, tell: () => {} })
const files: Record<string, string> = {}
for (const entry of await platform.readdir(directory, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const path = platform.join(entry.parentPath, entry.name)
  files[platform.relative(directory, path)] = (await platform.readFile(path)).toString("base64")
}
process.stdout.write(JSON.stringify({ inMemory: !platform.existsSync(process.execPath), cell, files }), () =>
  process.exit(0),
)
