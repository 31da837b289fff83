/**
 * What only shows with everything real, one part after another: `packages`, as people get them (without a name); `pages`, the
 * guides of those who have packages alone, followed to the letter; `browser`, the viewer in a real Chromium; `skyrl` and
 * `ray`, training on these servers, which each part installs into a folder of its own and starts on loopback; `judge-serve`,
 * rewards asked for by the code of TRL, OpenRLHF and verl; `imports`, logs that their real producers write; `exports`, files that
 * their real consumers read; `tab`, the whole loop in a page of the site, in a real Chromium. A part is
 * `scripts/e2e/<name>.mjs` and takes its own flags.
 *
 *   npm run e2e
 *   npm run e2e -- skyrl
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const parts = ["packages", "pages", "browser", "skyrl", "ray", "judge-serve", "imports", "exports", "tab"]
const args = process.argv.slice(2)
const first = args.findIndex((word) => word.startsWith("-"))
const names = first < 0 ? args : args.slice(0, first)
const flags = first < 0 ? [] : args.slice(first)
for (const name of names.length > 0 ? names : ["packages"]) {
  const script = fileURLToPath(new URL(`e2e/${name}.mjs`, import.meta.url))
  if (!parts.includes(name) || !existsSync(script)) {
    process.stderr.write(`There is no part "${name}" of npm run e2e. It has: ${parts.join(", ")}.\n`)
    process.exit(2)
  }
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, ...flags], { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
