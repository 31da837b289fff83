/**
 * Other people's libraries with our packages as people get them: what is packed is put beside real versions of them (compat/,
 * installed on demand by its own lock file), every row is compiled and called, and a table says what holds.
 *
 *   npm run compat
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const windows = process.platform === "win32"
const folder = resolve("compat")
const modules = join(folder, "node_modules")
const noted = join(modules, ".installed-lock.json")
const outcomesFile = join(modules, ".outcomes.json")

function run(file, args, options = {}) {
  const done = spawnSync(file, args, { cwd: folder, encoding: "utf8", maxBuffer: 1e8, ...options })
  if (done.error) throw done.error
  return done
}
function must(what, { status }) {
  if (status === 0) return
  process.stderr.write(`${what} did not finish; see its messages above.\n`)
  process.exit(1)
}
const shown = { stdio: ["ignore", 2, 2] }

must(
  "nx run swirl-ts:pack",
  run(process.execPath, ["node_modules/nx/dist/bin/nx.js", "run", "swirl-ts:pack"], { ...shown, cwd: process.cwd() }),
)
const lock = readFileSync(join(folder, "package-lock.json"), "utf8")
if (!existsSync(noted) || readFileSync(noted, "utf8") !== lock) {
  process.stderr.write("Installing the libraries (npm ci in compat/) …\n")
  must(
    "npm ci",
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { ...shown, shell: windows }),
  )
  writeFileSync(noted, lock)
}

// Ours are unpacked and not installed: their tarballs are new with every build, and what they depend on is in compat's lock.
rmSync(join(modules, "@swirl-ts"), { recursive: true, force: true })
const tarballs = resolve("dist/packages")
for (const name of readdirSync(tarballs)) {
  const [, short] = /^swirl-ts-(.*)-\d+\.\d+\.\d+.*\.tgz$/.exec(name)
  const target = join(modules, "@swirl-ts", short)
  mkdirSync(target, { recursive: true })
  must("tar", run("tar", ["-xzf", join(tarballs, name), "-C", target, "--strip-components=1"], shown))
}

const typescript = resolve("node_modules/typescript/bin/tsc")
/** Complaints of the compiler by file, as paths from compat/. */
function complaints(...args) {
  const { stdout } = run(process.execPath, [typescript, "--pretty", "false", ...args])
  const byFile = new Map()
  for (const line of stdout.split("\n")) {
    const file = /^(.+?)\(\d+,\d+\): error/.exec(line)?.[1] ?? (line.startsWith("error") ? "compat" : undefined)
    if (file) byFile.set(file, [...(byFile.get(file) ?? []), line])
  }
  return byFile
}

/** Their types name TensorFlow's, which do not compile by themselves. */
const onTensorflow = ["local/decode-loop", "local/policy", "transformer"]
/** Our own declarations, compiled with everything they refer to: without `skipLibCheck`, without the browser's library. */
function ownTypes() {
  const entry = join(modules, ".own-types.mts")
  const compile = (chosen) => {
    writeFileSync(entry, chosen.map((name, i) => `export type * as t${i} from "@swirl-ts/${name}"\n`).join(""))
    const how =
      "--ignoreConfig --noEmit --strict --module nodenext --target es2024 --lib es2024 --types node --skipLibCheck false"
    return [...complaints(...how.split(" "), entry)]
  }
  const names = readdirSync(join(modules, "@swirl-ts")).filter((name) => !onTensorflow.includes(name))
  const ours = compile(onTensorflow).filter(([file]) => !/node_modules\/@(tensorflow|webgpu)\//.test(file))
  const row = (library, found) => ({
    library,
    version: "",
    types: found.flatMap(([, lines]) => lines).join("\n"),
    calls: null,
  })
  return [
    row(`our types without skipLibCheck (${names.length} packages)`, compile(names)),
    row(`the same, TensorFlow's own aside (${onTensorflow.join(", ")})`, ours),
  ]
}

const compiled = complaints("-p", ".")
must("node run.ts", run(process.execPath, ["run.ts", outcomesFile], shown))
const rows = JSON.parse(readFileSync(outcomesFile, "utf8")).map(({ file, library, version, problem }) => ({
  library,
  version,
  types: compiled.get(file.replaceAll("\\", "/"))?.join("\n"),
  calls: problem,
}))
rows.push(...ownTypes())
const elsewhere = [...compiled].filter(([file]) => !file.startsWith("rows/")).flatMap(([, lines]) => lines)

const cell = (problem) => (problem === null ? "" : problem ? "FAIL" : "ok")
const table = [
  ["library", "version", "types", "calls"],
  ...rows.map(({ library, version, types, calls }) => [library, version, cell(types), cell(calls)]),
]
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
for (const row of table)
  process.stdout.write(
    `${row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd()}\n`,
  )

const failed = rows.filter(({ types, calls }) => types || calls)
for (const { library, types, calls } of failed)
  process.stdout.write(`\n${library}\n${[types, calls].filter(Boolean).join("\n")}\n`)
if (elsewhere.length > 0) process.stdout.write(`\n${elsewhere.join("\n")}\n`)
process.stdout.write(`\n${rows.length - failed.length} of ${rows.length} rows hold\n`)
process.exitCode = failed.length + elsewhere.length > 0 || rows.length === 0 ? 1 : 0
