/** What has to hold on every side, in the order in which a stranger meets it. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect } from "./parts.mjs"

/** Every published package, of a folder that has them all: under pnpm each finds only what its own manifest names. */
export function importsAlone(side, packages) {
  const place = side.project("every")
  side.add(place, ...packages)
  for (const name of packages) {
    const code = `import("${name}").then((all) => console.log(Object.keys(all).length))`
    expect(`${name} is imported alone`, Number(side.run("node", ["-e", code], place)) > 0)
  }
}

/** A project with the command alone, and the config that it writes there. */
export function firstMinute(side) {
  const place = side.project("project")
  side.add(place, "@swirl-ts/cli", "typescript", "@types/node")
  const names = () => JSON.stringify(side.swirl(place, "list"))
  const official = names()
  const { path } = side.swirl(place, "init")
  expect(
    `the config of swirl init (${path.slice(place.length + 1)}) lists what is there without one`,
    names() === official,
  )
  const { problems, config } = side.swirl(place, "doctor")
  expect("the doctor finds the config and no problem", config === path && problems.length === 0, problems.join(" "))
  const nowhere = mkdtempSync(join(side.folder, "nowhere-"))
  const swirl = join(place, "node_modules/.bin/swirl")
  side.run(swirl, ["init"], nowhere)
  const listed = side.run(swirl, ["list", "--json"], nowhere)
  expect("its config works in a folder with nothing else in it", JSON.stringify(JSON.parse(listed)) === official)
  return { place, config: path }
}

/** A plugin made by the scaffold: green as it stands, then one of a config whose types know its names. */
export function ownPlugin(side, { place, config }) {
  side.create("@swirl-ts/plugin", ["my-tool", "--kind", "tool"])
  const plugin = join(side.folder, "my-tool")
  side.install(plugin)
  for (const script of ["test", "build"]) side.script(plugin, script)
  side.run(join(plugin, "node_modules/.bin/swirl"), ["check", "."], plugin)
  expect("the scaffold's package is green, builds, and passes swirl check", true)

  side.add(place, plugin)
  const written = readFileSync(config, "utf8").replace("[...official()]", "[...official(), myTool()]")
  const own = `import { myTool } from "my-tool"\n${written}`
  writeFileSync(config, own)
  const compiler = ["--noEmit", "--skipLibCheck", "--strict", "--module", "nodenext", "--target", "es2024", config]
  const compile = () => {
    try {
      return side.run(join(place, "node_modules/.bin/tsc"), compiler, place)
    } catch (error) {
      return error.stdout
    }
  }
  const problems = compile()
  expect("a config with a plugin of one's own has types that hold", problems === "", problems)
  writeFileSync(config, own.replace('"grounded"', '"grunded"'))
  expect("a mistyped judge in it is a compile error", /'"grunded"' is not assignable/.test(compile()))
  writeFileSync(config, own)
  const input = JSON.stringify({ value: 5, from: "km", to: "m" })
  expect("the plugin's tool of three fields runs", side.swirl(place, "tool", "convert", input).output === "5000")
}

/** The loop on the embedded policy, small. */
export function loop(side, { place }) {
  const swirl = (...args) => side.swirl(place, ...args, "--run", "run")
  expect("generate", swirl("generate", "calc", "--limit", "12").trajectories === 12)
  expect("judge, calibrated", swirl("judge", "--calibrate").calibration.length === 1)
  expect("filter", swirl("filter").kept > 0)
  const trained = swirl("train", "--iterations", "2")
  expect("train", trained.steps === 2)
  const model = ["--model", `local:${trained.checkpoint}`]
  expect("eval of the checkpoint", swirl("eval", "calc", "--limit", "4", ...model).cells[0].n === 4)
  expect("report", readFileSync(swirl("report").report, "utf8").startsWith("<!doctype html>"))
}

/** The demo gets through generating and judging, and ends when it is told to. */
export async function demo(side, { place }) {
  const child = side.start(place, "demo")
  let told = ""
  child.stderr.on("data", (text) => {
    told += text
    if (/✓ generate/.test(told) && /✓ judge/.test(told)) child.kill("SIGTERM")
  })
  const code = await new Promise((resolve) => child.on("exit", (own, signal) => resolve(own ?? signal)))
  expect("the demo generates and judges, and ends when it is told to", code === 143, `${code}: ${told}`)
}

/** What another Node says of it, in a project that has it. */
export function oldNode({ place }, node) {
  const [file, ...args] = [join(node, "node"), "node_modules/@swirl-ts/cli/bin/swirl.mjs", "doctor"]
  const { status, stderr } = spawnSync(file, args, { cwd: place, encoding: "utf8" })
  expect("an older Node is told in one sentence", status === 2 && /^swirl needs Node [^\n]+\n$/.test(stderr), stderr)
}
