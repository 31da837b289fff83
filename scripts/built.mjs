/**
 * Notes that what stands in every package's `dist` was built from the sources that stand beside it, so that packing many
 * packages builds them once. By content, not by time: a checkout and a restored cache have times of their own.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { publishedPackages } from "./published-packages.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const note = join(root, "dist", "built")

function sourcesHash() {
  const sources = publishedPackages.flatMap((name) =>
    readdirSync(join(root, "packages", name, "src"), { recursive: true })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `packages/${name}/src/${path.split(sep).join("/")}`),
  )
  const viewer = readdirSync(join(root, "packages/report/viewer"), { recursive: true })
    .filter((path) => /\.[a-z]+$/.test(path))
    .map((path) => `packages/report/viewer/${path.split(sep).join("/")}`)
  const hash = createHash("sha256")
  for (const path of [
    ...sources.sort(),
    ...viewer.sort(),
    "tsconfig.json",
    "package-lock.json",
    "scripts/build.mjs",
    "scripts/bundle-parser.mjs",
  ])
    hash.update(`${path}\n`).update(readFileSync(join(root, path)))
  return hash.digest("hex")
}

/** Files of `dist` that a package's exports name. */
function entryPoints(name) {
  const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"))
  const targets = Object.values(exports).map((target) => target.default)
  return targets.filter((target) => target?.startsWith("./dist/")).map((target) => join(root, "packages", name, target))
}

export const isBuilt = () =>
  existsSync(note) &&
  publishedPackages.flatMap(entryPoints).every((path) => existsSync(path)) &&
  readFileSync(note, "utf8") === sourcesHash()

export function noteBuilt() {
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, sourcesHash())
}

export const forgetBuilt = () => rmSync(note, { force: true })
