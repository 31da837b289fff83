/**
 * Notes that what stands in node_modules is what the lock file says, so that a run does not install it again. npm calls
 * this at the end of `npm ci` and `npm install` in the checkout.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const note = join(root, "node_modules", ".swirl-installed")

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")

export const isInstalled = () => existsSync(note) && readFileSync(note, "utf8") === lockHash()

export const noteInstalled = () => writeFileSync(note, lockHash())

if (process.argv[1] === fileURLToPath(import.meta.url)) noteInstalled()
