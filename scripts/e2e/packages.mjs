/**
 * The packages as people get them: packed, published to a registry of our own, installed with npm and pnpm into empty
 * folders under the oldest and the newest Node. There every package is imported, a plugin is made by the scaffold, and the
 * loop runs. One side after the other; `--only pnpm`, `--only node-oldest` or both try a part of them, `--keep` keeps the folders.
 *
 *   npm run e2e
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { publishedPackages } from "../published-packages.mjs"
import * as checks from "./checks.mjs"
import { expect, part, timesTold } from "./parts.mjs"
import { startRegistry } from "./registry.mjs"
import { createSide } from "./side.mjs"
import { nodeFolder, tool } from "./tools.mjs"

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true, default: [] }, keep: { type: "boolean" } },
})
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-"))
const packages = publishedPackages.map((name) => `@swirl-ts/${name}`)
const nx = (...args) =>
  execFileSync(process.execPath, ["node_modules/nx/dist/bin/nx.js", ...args], { encoding: "utf8" })

await part("pack", () => nx("run", "swirl-ts:pack"))
await part("release --dry-run", () => {
  const told = nx("release", "--dry-run")
  expect(
    "every package has a version to come and an entry in its changelog",
    packages.every((name) =>
      told.includes(`Previewing an entry in packages/${name.split("/")[1]}/CHANGELOG.md for ${name}@`),
    ),
  )
})
await part("tools", () => ["verdaccio", "pnpm", "node-old", "node-oldest", "node-newest"].forEach(tool))
const registry = await part("registry", () => startRegistry(folder))
try {
  await part("publish", () =>
    execFileSync(process.execPath, ["scripts/publish.mjs", "--provenance=false"], { env: registry.environment }),
  )
  for (const node of ["node-oldest", "node-newest"]) {
    for (const manager of ["npm", "pnpm"]) {
      if (!values.only.every((word) => [manager, node].includes(word))) continue
      const side = createSide({ manager, node, registry, folder })
      await part(`${side.name}: imports`, () => checks.importsAlone(side, packages))
      const project = await part(`${side.name}: first minute`, () => checks.firstMinute(side))
      await part(`${side.name}: a plugin of one's own`, () => checks.ownPlugin(side, project))
      await part(`${side.name}: the loop`, () => checks.loop(side, project))
      await part(`${side.name}: demo`, () => checks.demo(side, project))
      await part(`${side.name}: an old Node`, () => checks.oldNode(project, nodeFolder("node-old")))
    }
  }
} finally {
  registry.stop()
  if (values.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
