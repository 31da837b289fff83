/**
 * Follows a documentation page in an empty folder, as its reader would: writes its files, runs its commands, compares what
 * they print. In the workspace `npx swirl` is the command from source, and what npm would install is there already.
 */
import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { sourceFlags, swirlCommand } from "@swirl-ts/test-support"
import { type Block, missingLine, pageBlocks } from "./page-blocks.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const flags = sourceFlags.join(" ")

export interface Place {
  /** Where the page is followed. */
  folder: string
  environment: NodeJS.ProcessEnv
}

/** Throws an Error that names the page's line where something is not as it is written; returns what all commands printed. */
export function runPage(markdown: string, { folder, environment }: Place): string {
  let [printed, all, at] = ["", "", folder]
  for (const block of pageBlocks(markdown)) {
    if (block.kind === "file") write(join(at, block.name), block.text)
    else if (block.kind === "run") {
      ;({ printed, at } = run(block, { folder: at, environment }))
      all += printed
    } else {
      const missing = missingLine(block.text, printed)
      if (missing !== undefined) throw new Error(`line ${block.line}: "${missing}" was not printed, but:\n${printed}`)
    }
  }
  return all
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** What was printed, and the folder that the reader stands in afterwards. */
function run({ text, exitCode, line }: Extract<Block, { kind: "run" }>, { folder, environment }: Place) {
  // A server that is left running in the background must not hold what the place is told by.
  const done = spawnSync("sh", ["-ec", `exec 2>&1\n{\n${text}\n} 3>&-\npwd >&3`], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
    maxBuffer: 1e8,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  })
  if (done.status !== exitCode)
    throw new Error(`line ${line}: exit code ${done.status} in place of ${exitCode}:\n${text}\n${done.stdout}`)
  return { printed: done.stdout, at: done.output[3]?.trim() || folder }
}

/** A place in which the workspace's packages are what was installed: no network, no build. */
export function workspacePlace(folder: string, environment: NodeJS.ProcessEnv): Place {
  const commands = join(folder, ".commands")
  mkdirSync(commands)
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  const script = (name: string, text: string): void => {
    writeFileSync(join(commands, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(commands, name), 0o755)
  }
  const swirl = `exec node ${flags} "${swirlCommand}" "$@"`
  const create = `exec node ${flags} "${join(root, "packages/create-plugin/bin/create-plugin.mjs")}" "$@"`
  script("npx", `[ "$1" = swirl ] && { shift; ${swirl}; }\nPATH="$OUTER_PATH" exec npx "$@"`)
  script(
    "npm",
    `case "$1 $2" in
  "create @swirl-ts/plugin") shift 2; name="$1"; shift; [ "$1" = -- ] && shift; set -- "$name" "$@"; ${create} ;;
  install*|i\\ *|"ci "*) exit 0 ;;
esac
PATH="$OUTER_PATH" exec npm "$@"`,
  )
  const path = [commands, dirname(process.execPath), environment.PATH].join(delimiter)
  return {
    folder,
    environment: {
      ...environment,
      PATH: path,
      OUTER_PATH: environment.PATH,
      NODE_OPTIONS: flags,
      NO_COLOR: "1",
      SWIRL_BACKEND: "wasm",
    },
  }
}
