/** Whether every package, as packed, holds what its readers need: licence, README with links that work there, sources of its maps; and no tests. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { createPackageFromTarballData } from "@arethetypeswrong/core"

const folder = "dist/packages"

/** Targets of links and images that are neither addresses nor places in the same text. */
function relativeLinks(markdown) {
  const inline = [...markdown.matchAll(/\]\(\s*<?([^)\s>]+)/g)]
  const references = [...markdown.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm)]
  const html = [...markdown.matchAll(/\b(?:href|src)="([^"]+)"/g)]
  return [...inline, ...references, ...html]
    .map(([, target]) => target)
    .filter((target) => !/^([a-z]+:|#)/.test(target))
}

function problemsOf(tarball) {
  const root = `/node_modules/${tarball.packageName}/`
  const files = new Set(tarball.listFiles().map((path) => path.slice(root.length)))
  const read = (path) => tarball.readFile(root + path)
  const found = ["LICENSE", "README.md"].filter((path) => !files.has(path)).map((path) => `there is no ${path}`)
  for (const path of files) {
    if (/^dist\/.*\.test\./.test(path)) found.push(`${path} is a test`)
    // The viewer's script is for browsers, and nobody steps through it from an import.
    if (/^dist\/(?!pages\/).*\.js$/.test(path) && !files.has(`${path}.map`)) found.push(`${path} has no source map`)
    if (!path.endsWith(".js.map")) continue
    const { sources, sourcesContent } = JSON.parse(read(path))
    const shipped = (source, index) => sourcesContent?.[index] ?? files.has(posix.join(dirname(path), source))
    if (!sources.every(shipped)) found.push(`${path} lacks its sources`)
  }
  const links = files.has("README.md") ? relativeLinks(read("README.md")) : []
  for (const target of links)
    if (!files.has(posix.normalize(target.replace(/#.*$/, ""))))
      found.push(`README.md links to ${target}, which is not in it`)
  return found
}

for (const file of readdirSync(folder)) {
  const tarball = createPackageFromTarballData(readFileSync(join(folder, file)))
  for (const problem of problemsOf(tarball)) {
    process.exitCode = 1
    process.stderr.write(`${tarball.packageName}: ${problem}\n`)
  }
}
