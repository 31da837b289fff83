/** Packs every published package as npm would, into dist/packages: what is checked and tried is what people get. */
import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import "./prepack.mjs"
import { publishedPackages } from "./published-packages.mjs"

const target = "dist/packages"
const workspaces = publishedPackages.flatMap((name) => ["--workspace", `packages/${name}`])
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const { status } = spawnSync(
  "npm",
  ["pack", ...workspaces, "--pack-destination", target, "--ignore-scripts", "--silent", "--offline"],
  { stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" },
)
process.exitCode = status ?? 1
