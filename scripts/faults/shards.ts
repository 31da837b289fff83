/**
 * A run of 2,000 samples in 4 shards, each a process of its own; one of them is killed with -9 and run again, as is the
 * merge: what is merged has to be what one process writes. With a server (an answer is a function of conversation and seed)
 * the records have to be equal; with the local policy, which writes block by block, the files are equal byte by byte.
 *
 *   npm run faults -- --shards [--tasks 1000 --samples 2 --shards-count 4]
 */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { calcServer } from "./calc-server.ts"
import { same } from "./records.ts"

const { values } = parseArgs({
  options: {
    shards: { type: "boolean" },
    tasks: { type: "string", default: "1000" },
    samples: { type: "string", default: "2" },
    "shards-count": { type: "string", default: "4" },
  },
})
const [tasks, samples, count] = [Number(values.tasks), Number(values.samples), Number(values["shards-count"])]
const bin = fileURLToPath(new URL("../../packages/cli/bin/swirl.mjs", import.meta.url))
const root = mkdtempSync(join(tmpdir(), "swirl-shards-"))
const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)

interface Kill {
  /** Bytes that this file has to have first. */
  file: string
  bytes: number
}

/** The exit code; null where it was killed. */
function swirl(args: readonly string[], kill?: Kill): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, bin, ...args, "--quiet"], {
      stdio: ["ignore", "ignore", "pipe"],
    })
    let errors = ""
    child.stderr.on("data", (text) => {
      errors += text
    })
    if (kill)
      void (async () => {
        while (child.exitCode === null && !(existsSync(kill.file) && statSync(kill.file).size >= kill.bytes))
          await pause(2)
        child.kill("SIGKILL")
      })()
    child.on("close", (code) => {
      if (code) process.stderr.write(errors)
      resolve(code)
    })
  })
}

async function whole(args: readonly string[]): Promise<void> {
  const code = await swirl(args)
  if (code !== 0) throw new Error(`swirl ${args.join(" ")} ended with exit code ${code}`)
}

async function killed(args: readonly string[], kill: Kill): Promise<void> {
  if ((await swirl(args, kill)) !== null) throw new Error(`swirl ${args[0]} was not killed: it was done too early`)
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl") && name !== "attempts.jsonl")
    .sort()

const sizeOf = (path: string): number => statSync(path).size

async function check(name: string, model: readonly string[], isByteEqual: boolean): Promise<void> {
  const at = join(root, name)
  const generate = ["generate", "calc", "--limit", `${tasks}`, "--samples", `${samples}`, ...model]
  const evaluate = ["eval", "calc", "--limit", "120", ...model]
  const [one, all] = [join(at, "one"), join(at, "all")]
  const shards = Array.from({ length: count }, (_, place) => join(at, `s${place + 1}`))
  const make = async (run: string, shard: readonly string[]): Promise<void> => {
    await whole([...generate, ...shard, "--run", run])
    // At once, verdicts are written as they come.
    await whole(["judge", "--concurrency", "1", "--run", run])
    await whole([...evaluate, ...shard, "--run", run])
  }
  const started = performance.now()
  await make(one, [])
  const bytes = sizeOf(join(one, "trajectories.jsonl")) / count
  const victim = shards[1] ?? shards[0]!
  await Promise.all(
    shards.map(async (run, place) => {
      const shard = ["--shard", `${place + 1}/${count}`]
      if (run === victim) {
        const file = join(run, "trajectories.jsonl")
        await killed([...generate, ...shard, "--run", run], { file, bytes: bytes * 0.2 })
        await killed([...generate, ...shard, "--run", run], { file, bytes: bytes * 0.6 })
        say(`${name}: a shard was killed with -9 twice, and is run again`)
        await make(run, shard)
      } else await make(run, shard)
    }),
  )
  if (count > 1) {
    const code = await swirl(["merge", ...shards.slice(1), "--run", all])
    if (code !== 2 || existsSync(all)) throw new Error("a merge without one of the shards was not refused")
  }
  const merge = ["merge", ...shards.reverse(), "--run", all]
  await killed(merge, { file: join(at, ".all.merging", "lock"), bytes: 1 })
  if (existsSync(all)) throw new Error("a killed merge left something")
  await whole(merge)
  const names = files(one)
  if (names.join() !== files(all).join()) throw new Error(`other files: ${files(all)} for ${names}`)
  let equal = 0
  for (const file of names) {
    same(one, all, file)
    if (readFileSync(join(one, file)).equals(readFileSync(join(all, file)))) equal++
    else if (isByteEqual) throw new Error(`${file} has the same records in another order`)
  }
  const records = readFileSync(join(all, "trajectories.jsonl"), "utf8").split("\n").length - 1
  if (records !== tasks * samples) throw new Error(`${records} trajectories, ${tasks * samples} were asked for`)
  await whole([...generate, "--run", all])
  same(one, all, "trajectories.jsonl")
  say(
    `ok ${name}: ${records} samples in ${count} shards, merged to the records of one process (${names.length} files, ${equal} byte by byte), ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
}

let failed = false
try {
  const server = await calcServer(2)
  await check("server", ["--model", "openai:calc", "--base-url", server.baseUrl, "--concurrency", "8"], false)
  await server.close()
  await check("nano", ["--backend", "wasm"], true)
} catch (error) {
  failed = true
  say(`FAILED: ${(error as Error).message}; kept in ${root}`)
}
if (!failed) rmSync(root, { recursive: true })
process.exitCode = failed ? 1 : 0
