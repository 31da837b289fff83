/**
 * Prints how often a policy is right on the development split.
 *
 *   node -C @swirl-ts/source packages/policy-nano/scripts/evaluate.ts [model directory] [--tasks 300] [--backend wasm|native] [--json]
 */
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { modelDirectory } from "@swirl-ts/policy-nano"
import { initBackend, loadModel } from "@swirl-ts/transformer"
import { accuracyLine, developmentAccuracy } from "./development.ts"
import { createEnvironment } from "./environment.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: "string", default: "300" },
    backend: { type: "string", default: "wasm" },
    json: { type: "boolean", default: false },
  },
})
if (values.backend !== "native" && values.backend !== "wasm") throw new Error("--backend is native or wasm.")
const peersDirectory = fileURLToPath(new URL("../../../.swirl/peers", import.meta.url))
await initBackend(values.backend, { peersDirectory })
const model = loadModel(positionals[0] ? resolve(positionals[0]) : modelDirectory)
const rows = await developmentAccuracy(model, Number(values.tasks), await createEnvironment())
process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : `${rows.map(accuracyLine).join("\n")}\n`)
