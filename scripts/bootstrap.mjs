/**
 * Makes one command enough on a fresh checkout: installs dependencies when the lock file says they are not there,
 * then runs a script of the workspace under the pinned Node from npm. Needs Node >= 20 and npm, nothing else;
 * everything it prints goes to standard error, so that `--json` output stays clean.
 *
 *   node scripts/bootstrap.mjs <script> [arguments …]
 */
import { spawn, spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { isInstalled, noteInstalled } from "./installed.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const windows = process.platform === "win32"

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** Installs when the lock file is not the one that was installed last. */
function install() {
  if (isInstalled()) return
  process.stderr.write("Installing dependencies (npm ci) …\n")
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  })
  if (done.error) fail(`npm could not be started: ${done.error.message}. Install npm (it comes with Node >= 20).`)
  if (done.status !== 0) fail("npm ci did not finish; see its messages above, then run the same command again.")
  noteInstalled()
}

/** The pinned Node of the workspace, or this one where the platform has no package of it and it is new enough. */
function pinnedNode() {
  const pinned = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node")
  if (existsSync(pinned)) return pinned
  const [major, minor] = process.versions.node.split(".").map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  return fail(
    `The npm package "node" has no binary for ${process.platform} ${process.arch}; run this under Node >= 22.18.`,
  )
}

const [script, ...args] = process.argv.slice(2)
if (Number(process.versions.node.split(".")[0]) < 20) fail(`Node >= 20 is needed, this is ${process.version}.`)
if (!script) fail("usage: node scripts/bootstrap.mjs <script> [arguments …]")
install()
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const child = spawn(pinnedNode(), [...flags, resolve(root, script), ...args], { stdio: "inherit" })
// A terminal sends Ctrl-C to both; a `kill` reaches only this process and is passed on.
process.on("SIGINT", () => {})
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("error", (error) =>
  fail(`The pinned Node could not be started: ${error.message}. Delete node_modules and try again.`),
)
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)))
