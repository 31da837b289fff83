/**
 * The documentation site: installs what it needs into `docs` where that is missing, writes the pages that are made from
 * the code (commands, records, API), and builds everything with VitePress. Dead links fail.
 *
 *   npm run docs              builds docs/.vitepress/dist
 *   npm run docs -- dev       serves it while you write
 *   npm run site -- build --base /docs/   the same, to be served under that path
 */
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { publishedPackages } from "../published-packages.mjs"
import { commandsPage } from "./commands-page.ts"
import { recordsPage } from "./records-page.ts"

function run(file: string, args: readonly string[], shell = false): void {
  const { status } = spawnSync(file, args, { stdio: ["ignore", 2, 2], shell })
  if (status !== 0) {
    process.stderr.write(`${[file, ...args].join(" ")} failed; its messages stand above.\n`)
    process.exit(status ?? 1)
  }
}

/** npm leaves this file behind when it has installed what the lock file says. */
function install(): void {
  const installed = "docs/node_modules/.package-lock.json"
  const wanted = Object.entries<{ version?: string; optional?: true }>(
    JSON.parse(readFileSync("docs/package-lock.json", "utf8")).packages,
  ).filter(([path, { optional }]) => path !== "" && !optional)
  const there = existsSync(installed) ? JSON.parse(readFileSync(installed, "utf8")).packages : {}
  if (wanted.every(([path, { version }]) => there[path]?.version === version)) return
  run("npm", ["ci", "--prefix", "docs", "--ignore-scripts", "--no-audit", "--no-fund"], process.platform === "win32")
}

const bin = (path: string): string => join("docs", "node_modules", path)

async function writeReference(): Promise<void> {
  writeFileSync("docs/commands.md", await commandsPage())
  writeFileSync("docs/records.md", recordsPage())
  const entries = publishedPackages.flatMap((name) => ["--entryPoints", `packages/${name}/src/index.ts`])
  run(process.execPath, [bin("typedoc/bin/typedoc"), "--options", "docs/typedoc.json", ...entries])
  const pages = readdirSync("docs/api", { recursive: true }).length
  process.stderr.write(`${pages} pages of API reference\n`)
}

const [command = "build", ...flags] = process.argv.slice(2)
install()
await writeReference()
run(process.execPath, [bin("vitepress/bin/vitepress.js"), command, "docs", ...flags])
