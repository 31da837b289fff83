/**
 * Publishes what `npm run pack` made: every tarball of dist/packages whose version the registry does not have yet, so that
 * a broken run is simply run again. Options go on to npm.
 *
 *   npm run publish:packages -- [--dry-run] [--registry <address>] [--provenance=false]
 */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createPackageFromTarballData } from "@arethetypeswrong/core"

const folder = "dist/packages"
const options = process.argv.slice(2)
const npm = (args, stdio) =>
  execFileSync("npm", [...args, ...options], { encoding: "utf8", stdio, shell: process.platform === "win32" })

function isPublished(name, version) {
  try {
    return npm(["view", `${name}@${version}`, "version"], ["ignore", "pipe", "ignore"]).trim() === version
  } catch {
    return false
  }
}

for (const file of readdirSync(folder)) {
  const path = join(folder, file)
  const { packageName, packageVersion } = createPackageFromTarballData(readFileSync(path))
  const isThere = isPublished(packageName, packageVersion)
  if (!isThere) npm(["publish", `./${path}`], ["ignore", "ignore", "inherit"])
  process.stdout.write(`${packageName}@${packageVersion} ${isThere ? "is published already" : "published"}\n`)
}
