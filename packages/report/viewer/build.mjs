/**
 * Builds the viewer's pages into `dist/pages`: `index.html`, one classic script, one style, and the licences of what is in
 * them. Does nothing where they are of these sources already; each file is replaced whole, so two processes may build at once.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL(".", import.meta.url))
const target = fileURLToPath(new URL("../dist/pages/", import.meta.url))
const root = fileURLToPath(new URL("../../../", import.meta.url))

/** Of all that may be in the script: these sources, those of the report that they import, and the versions of libraries. */
function sourcesHash() {
  const hash = createHash("sha256")
  for (const from of [folder, fileURLToPath(new URL("../src/", import.meta.url))])
    for (const path of readdirSync(from, { recursive: true }).sort())
      if (/\.(tsx?|css|html|mjs)$/.test(path)) hash.update(path).update(readFileSync(join(from, path)))
  return hash.update(readFileSync(join(root, "package-lock.json"))).digest("hex")
}

/** Returns the folder. */
export async function buildViewer() {
  const stamp = join(target, "built")
  const hash = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return target
  const { build } = await import("vite")
  const { output } = await build({
    configFile: false,
    mode: "production",
    root: folder,
    logLevel: "error",
    resolve: { conditions: ["@swirl-ts/source", "module", "browser"] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    build: {
      write: false,
      // A style of its own: the policy of the page allows none in the script.
      cssCodeSplit: false,
      license: { fileName: "licenses.md" },
      cssTarget: ["chrome123", "firefox120", "safari17.5"],
      rolldownOptions: {
        input: join(folder, "main.tsx"),
        output: { format: "iife", entryFileNames: "viewer.js", assetFileNames: "viewer[extname]" },
      },
    },
  })
  mkdirSync(target, { recursive: true })
  const write = (name, text) => {
    const part = join(target, `${name}.${process.pid}`)
    writeFileSync(part, text)
    renameSync(part, join(target, name))
  }
  for (const { fileName, code, source } of output) write(fileName, code ?? source)
  write("index.html", readFileSync(join(folder, "index.html")))
  write("built", hash)
  return target
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await buildViewer()}\n`)
