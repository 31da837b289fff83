/** One way to have it: a package manager on a Node, in an empty folder that knows nothing of this workspace. */
import { execFileSync, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { nodeFolder, tool } from "./tools.mjs"

/** How each manager says what is said to both. */
const verbs = {
  npm: {
    command: "npm",
    add: ["install", "--no-audit", "--no-fund"],
    init: ["init", "-y"],
    create: ["create"],
    end: ["--"],
  },
  pnpm: { command: "pnpm", add: ["add"], init: ["init"], create: ["create"], end: [] },
}

export function createSide({ manager, node, registry, folder }) {
  const own = mkdtempSync(join(folder, `${manager}-`))
  const pnpm = join(dirname(tool("pnpm")), "node_modules", ".bin")
  const PATH = [nodeFolder(node), pnpm, process.env.PATH].join(delimiter)
  // The pnpm that is here is the one that is tried: what its own `init` pins is not resolved for all platforms.
  const settings = { PATH, SWIRL_CACHE: join(own, "cache"), pnpm_config_pm_on_fail: "ignore" }
  const env = { ...registry.environment, ...settings }
  const { command, add, init, create, end } = verbs[manager]
  const run = (file, args, cwd) =>
    execFileSync(file, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 })

  return {
    name: `${manager}, ${run("node", ["--version"], own).trim()}`,
    folder: own,
    run,
    /** A new project, as the manager itself begins one. */
    project(name) {
      const place = join(own, name)
      mkdirSync(place)
      run(command, init, place)
      return place
    },
    add: (place, ...packages) => run(command, [...add, ...packages], place),
    install: (place) => run(command, ["install"], place),
    script: (place, name) => run(command, ["run", name], place),
    create: (initializer, args) => run(command, [...create, initializer, args[0], ...end, ...args.slice(1)], own),
    /** The installed command's document. */
    swirl: (place, ...args) =>
      JSON.parse(run(join(place, "node_modules/.bin/swirl"), [...args, "--json", "--quiet"], place)),
    start: (place, ...args) => spawn(join(place, "node_modules/.bin/swirl"), args, { cwd: place, env }),
  }
}
