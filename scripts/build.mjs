/**
 * Builds every published package into its `dist`: JavaScript, types, source maps with their sources, tests left out; the
 * pages of the viewer; and the calculator's parser with what it takes of mathjs. One program of the compiler for all of them, so that every type is checked once: a fifth of the
 * time of a program a package.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { buildViewer } from "../packages/report/viewer/build.mjs"
import { forgetBuilt, noteBuilt } from "./built.mjs"
import { bundleParser } from "./bundle-parser.mjs"
import { publishedPackages } from "./published-packages.mjs"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = join(root, "packages")

const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
const output = {
  noEmit: false,
  rewriteRelativeImportExtensions: true,
  sourceMap: true,
  inlineSources: true,
  rootDir: "packages",
  outDir: "packages",
}
const { fileNames, options } = ts.parseJsonConfigFileContent(
  {
    compilerOptions: { ...config.compilerOptions, ...output },
    include: publishedPackages.map((name) => `packages/${name}/src`),
    exclude: ["**/*.test.ts"],
  },
  ts.sys,
  root,
)

/** `packages/core/src/hash.js` is written as `packages/core/dist/hash.js`; its map names the source from there. */
function write(path, text) {
  const [name, src, ...rest] = relative(packages, path).split(sep)
  if (src !== "src") return
  const target = join(packages, name, "dist", ...rest)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, path.endsWith(".map") ? withSources(text, target, path) : text)
}

function withSources(text, target, path) {
  const map = JSON.parse(text)
  const sources = map.sources.map((source) => relative(dirname(target), join(dirname(path), source)))
  return JSON.stringify({ ...map, sources: sources.map((source) => source.split(sep).join("/")) })
}

forgetBuilt()
for (const name of publishedPackages) rmSync(join(packages, name, "dist"), { recursive: true, force: true })
const program = ts.createProgram(fileNames, options)
const problems = ts.getPreEmitDiagnostics(program)
if (problems.length === 0) {
  program.emit(undefined, write)
  await Promise.all([buildViewer(), bundleParser()])
  noteBuilt()
}
const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => "\n" }
process.stderr.write(ts.formatDiagnostics(problems, host))
process.exitCode = problems.length === 0 ? 0 : 1
