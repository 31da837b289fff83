/**
 * The pages that a stranger begins with, followed to the letter: each in an empty folder outside of this checkout, with packages
 * as they are packed, from a registry of our own, and with the servers that the page itself installs and starts. Longest are
 * `engine-tinker` (SkyRL, 2.2 GB, a first step that is compiled) and `engine-ray` (Ray and TRL, 6 GB).
 *
 *   npm run e2e -- pages
 *   npm run e2e -- pages --only engine-ray --only scale     --keep keeps the folders
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { runPage } from "../docs/run-page.ts"
import { expect, part, timesTold } from "./parts.mjs"
import { startRegistry } from "./registry.mjs"

const pages = {
  formats: "docs/formats.md",
  "judge-service": "docs/judge-service.md",
  scale: "docs/scale.md",
  "engine-tinker": "docs/packages/engine-tinker.md",
  "engine-ray": "docs/packages/engine-ray.md",
}
const { values } = parseArgs({
  options: { only: { type: "string", multiple: true }, keep: { type: "boolean" } },
})
const names = values.only ?? Object.keys(pages)
const unknown = names.find((name) => !(name in pages))
if (unknown !== undefined) {
  process.stderr.write(`There is no page "${unknown}". There is ${Object.keys(pages).join(", ")}.\n`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-pages-"))
const nx = resolve("node_modules/nx/dist/bin/nx.js")
await part("pack", () => execFileSync(process.execPath, [nx, "run", "swirl-ts:pack"], { encoding: "utf8" }))
const registry = await part("registry", () => startRegistry(folder))

/** Servers that a page left running, as where it did not come to its end; a page writes their ids down. */
function endServers(place) {
  for (const name of readdirSync(place).filter((each) => each.endsWith(".pid")))
    try {
      process.kill(Number(readFileSync(join(place, name), "utf8")), "SIGTERM")
    } catch {}
}

try {
  await part("publish", () =>
    execFileSync(process.execPath, ["scripts/publish.mjs", "--provenance=false"], { env: registry.environment }),
  )
  for (const name of names)
    await part(pages[name], () => {
      const place = join(folder, name)
      mkdirSync(place)
      const environment = {
        ...registry.environment,
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        SWIRL_CACHE: join(place, "cache"),
        NO_COLOR: "1",
      }
      try {
        const printed = runPage(readFileSync(pages[name], "utf8"), { folder: place, environment })
        expect("every command ends as it is written, and prints what stands below it", printed !== "")
      } finally {
        endServers(place)
      }
    })
} finally {
  registry.stop()
  if (values.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
