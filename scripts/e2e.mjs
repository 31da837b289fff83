/**
 * The packages as people get them: built, packed, installed with npm into an empty folder outside the workspace. There
 * every package is imported, a config with a plugin of one's own is type-checked, and the loop runs.
 *
 *   npm run e2e
 */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const windows = process.platform === "win32"
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-"))
const tarballs = resolve("dist/packages")
const place = join(folder, "project")

function run(file, args, cwd = place) {
  return execFileSync(file, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 })
}
const npm = (args, cwd) => execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"], shell: windows })
const swirl = (...args) =>
  JSON.parse(run(process.execPath, ["node_modules/@swirl-ts/cli/bin/swirl.mjs", ...args, "--json", "--quiet"]))

function expect(what, holds) {
  if (!holds) throw new Error(`e2e: ${what} does not hold; see ${folder}`)
  process.stdout.write(`ok ${what}\n`)
}

const plugin = `import { definePlugin, type Tool } from "@swirl-ts/core"
import { z } from "zod"

const inputSchema = z.object({ text: z.string() })
const shout: Tool<z.infer<typeof inputSchema>> = {
  description: "Says it louder.",
  inputSchema,
  execute: ({ text }) => text.toUpperCase(),
}

export const own = definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion: 1 }, tools: { shout } })
`

mkdirSync(place)
run(process.execPath, ["node_modules/nx/dist/bin/nx.js", "run", "swirl-ts:pack"], process.cwd())
writeFileSync(join(place, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }))
npm(
  [
    "install",
    "--no-audit",
    "--no-fund",
    "typescript",
    "@types/node",
    ...readdirSync(tarballs).map((name) => join(tarballs, name)),
  ],
  place,
)

for (const name of readdirSync(join(place, "node_modules/@swirl-ts")).filter((each) => each !== "cli")) {
  const count = run(process.execPath, [
    "-e",
    `import("@swirl-ts/${name}").then((all) => console.log(Object.keys(all).length))`,
  ])
  expect(`@swirl-ts/${name} is imported alone`, Number(count) > 0)
}

const modelsManifest = join(place, "node_modules/@swirl-ts/models/package.json")
const manifest = readFileSync(modelsManifest, "utf8")
const modelsVersion = () => swirl("list", "models").entries.find(({ fullName }) => fullName === "models/script").version
expect("a plugin's version is its package's", modelsVersion() === JSON.parse(manifest).version)
writeFileSync(modelsManifest, JSON.stringify({ ...JSON.parse(manifest), version: "9.8.7" }))
expect("a plugin's version follows its package's", modelsVersion() === "9.8.7")
writeFileSync(modelsManifest, manifest)

const names = () => JSON.stringify(swirl("list"))
const official = names()
swirl("init")
expect("the config of swirl init lists what is there without one", names() === official)

writeFileSync(join(place, "own.ts"), plugin)
const config = join(place, "swirl.config.ts")
const scaffold = readFileSync(config, "utf8")
writeFileSync(config, `import { own } from "./own.ts"\n${scaffold.replace("plugins: [", "plugins: [own, ")}`)
const compiler = [
  "--noEmit",
  "--skipLibCheck",
  "--strict",
  "--module",
  "nodenext",
  "--target",
  "es2024",
  "--allowImportingTsExtensions",
]
const compiles = () =>
  spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", ...compiler, "swirl.config.ts"], {
    cwd: place,
    encoding: "utf8",
  }).stdout
const written = readFileSync(config, "utf8")
expect("a config with a plugin of one's own has types that hold", compiles() === "")
writeFileSync(config, written.replace('"grounded"', '"grunded"'))
expect("a mistyped judge in it is a compile error", /'"grunded"' is not assignable/.test(compiles()))
writeFileSync(config, written)
expect("the plugin's tool runs", swirl("tool", "shout", '{"text":"abc"}').output === "ABC")

const at = ["--run", "run"]
expect("generate", swirl("generate", "calc", "--limit", "12", ...at).trajectories === 12)
expect("judge, calibrated", swirl("judge", "--calibrate", ...at).calibration.length === 1)
expect("filter", swirl("filter", ...at).kept > 0)
const trained = swirl("train", "--iterations", "2", ...at)
expect("train", trained.steps === 2)
expect(
  "eval of the checkpoint",
  swirl("eval", "calc", "--limit", "4", "--model", `local:${trained.checkpoint}`, ...at).cells[0].n === 4,
)
expect("report", readFileSync(swirl("report", ...at).report, "utf8").startsWith("<!doctype html>"))
rmSync(folder, { recursive: true })
