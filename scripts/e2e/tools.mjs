/** Programs that only this needs, installed on demand outside the workspace (`.swirl/e2e`): a registry, pnpm, other Nodes. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const wanted = {
  // verdaccio names a version of node-fetch by a tag that not every registry has.
  verdaccio: { dependencies: { verdaccio: "6.10.4" }, overrides: { "node-fetch": "2.7.0" } },
  pnpm: { dependencies: { pnpm: "12.21.0" } },
  "node-old": { dependencies: { node: "20" } },
  "node-oldest": { dependencies: { node: "22.18" } },
  "node-newest": { dependencies: { node: "latest" } },
}

/** The folder of a tool's `node_modules`. */
export function tool(name) {
  const folder = resolve(".swirl/e2e", name)
  const manifest = JSON.stringify({ private: true, allowScripts: { node: true }, ...wanted[name] })
  const path = join(folder, "package.json")
  const isThere = existsSync(join(folder, "node_modules")) && readFileSync(path, "utf8") === manifest
  if (!isThere) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, manifest)
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" })
  }
  return join(folder, "node_modules")
}

/** A folder with `node` in it, to stand first in the path. */
export const nodeFolder = (name) => join(tool(name), "node", "bin")
