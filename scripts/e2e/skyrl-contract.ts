/** The published checks of an engine over a real Tinker server: node -C @swirl-ts/source scripts/e2e/skyrl-contract.ts <url> <base folder> */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { EngineFactory, Host } from "@swirl-ts/core"
import { tinker } from "@swirl-ts/engine-tinker"
import { local } from "@swirl-ts/local"
import { engineChecks, runChecks } from "@swirl-ts/testing"

const [url, base] = process.argv.slice(2) as [string, string]
const host: Host = {
  cacheDirectory: mkdtempSync(join(tmpdir(), "swirl-")),
  workingDirectory: process.cwd(),
  environment: {},
  log: (line) => process.stderr.write(`  ${line}\n`),
}
const { engines } = tinker()
const services = { unloaded: () => local().models.local.unloaded!(base, host) }
const factory: EngineFactory = {
  ...engines.tinker,
  create: (options, given) => engines.tinker.create(options, given, services),
}
const checks = engineChecks(factory, {
  name: "tinker",
  policy: `local:${base}`,
  host,
  options: { url, lora: 8 },
  timeout: 900_000,
  skip: { "continues exactly from a saved state": "the other engine has another slot: 1e-6 apart" },
})
const results = await runChecks(checks)
for (const { name, status, reason = "", milliseconds } of results)
  process.stdout.write(`  ${status} ${name} ${reason} (${Math.round(milliseconds / 1000)} s)\n`)
process.exit(results.some(({ status }) => status === "failed") ? 1 : 0)
