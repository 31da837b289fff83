/**
 * A disk that is full, a limit on file sizes, and a folder that becomes read-only while a command writes to it: each ends by a
 * sentence that names the file, asks next to nothing more of the server while nothing can be kept, leaves no half file, and is
 * gone on with by the same command once there is room. What comes out is what an unbroken run writes. Of a folder that is
 * read-only from the start all that only reads still works.
 *
 *   npm run faults -- --disk
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sourceFlags, swirlCommand, swirlEnvironment } from "@swirl-ts/test-support"
import { smallDisk } from "./load/disks.ts"
import { type FaultServer, startFaultServer } from "./load/server-process.ts"
import { filesUnder } from "./load/traces.ts"
import { same } from "./records.ts"

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
const root = mkdtempSync(join(tmpdir(), "swirl-disks-"))
const concurrency = 8
const evaluation = ["eval", "calc", "--model", "openai:story", "--limit", "60", "--concurrency", `${concurrency}`]

interface Ended {
  code: number | null
  stderr: string
}

function swirl(server: FaultServer, args: readonly string[], limit?: string): Ended {
  const flags = [...sourceFlags, swirlCommand, ...args]
  const [file, given] = limit
    ? ["bash", ["-c", `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, ...flags]]
    : [process.execPath, flags]
  const environment = { SWIRL_BASE_URL: `http://127.0.0.1:${server.port}/calm/v1` }
  const env = swirlEnvironment(root, environment)
  const { status, stderr } = spawnSync(file, given, { cwd: root, env, encoding: "utf8", timeout: 300_000 })
  return { code: status, stderr }
}

const requests = async (server: FaultServer): Promise<number> => (await server.ledgers()).calm.requests

/** The last line says what the disk refused; the server was hardly asked. */
function expectSentence(what: string, { code, stderr }: Ended, sentence: RegExp): void {
  const said = stderr.trimEnd().split("\n").at(-1) ?? ""
  if (code !== 1 && code !== 2) throw new Error(`${what}: ended with exit code ${code}\n${stderr}`)
  if (!sentence.test(said) || /^\s+at /m.test(stderr)) throw new Error(`${what}: said\n${stderr}`)
}

function expectOk(what: string, { code, stderr }: Ended): void {
  if (code !== 0) throw new Error(`${what}: ended with exit code ${code}\n${stderr}`)
}

function expectSame(what: string, unbroken: string, folder: string): void {
  const names = filesUnder(unbroken)
  const left = filesUnder(folder).filter((name) => !names.includes(name) && name !== "attempts.jsonl")
  if (left.length > 0) throw new Error(`${what}: ${left.join(", ")} was left`)
  for (const name of names.filter((each) => each.endsWith(".jsonl"))) same(unbroken, folder, name)
}

const sizes = [8, 12, 16, 24, 40, 64, 96]

async function fullDisk(server: FaultServer, unbroken: string): Promise<string> {
  let filled = 0
  for (const size of sizes) {
    const disk = smallDisk(join(root, `disk-${size}`), size)
    if (!disk) return "skipped, since this user may not mount a small tmpfs"
    try {
      const [what, run] = [`a disk of ${size} KiB`, join(disk.path, "run")]
      const first = swirl(server, [...evaluation, "--run", run])
      if (first.code === 0) continue
      filled++
      expectSentence(what, first, /^Could not (write|create|open) \S+: the disk is full\. Free some space/)
      const before = await requests(server)
      expectSentence(`${what}, again`, swirl(server, [...evaluation, "--run", run]), /the disk is full/)
      const asked = (await requests(server)) - before
      if (asked > 4 * concurrency) throw new Error(`${what}: ${asked} requests whose answers could not be kept`)
      disk.grow(64_000)
      expectOk(`${what}, with room`, swirl(server, [...evaluation, "--run", run]))
      expectSame(what, unbroken, run)
    } finally {
      disk.unmount()
    }
  }
  if (filled === 0) throw new Error("no disk was full")
  return `${filled} disks of ${sizes.join(", ")} KiB became full and were gone on with`
}

async function fileSizeLimit(server: FaultServer, unbroken: string): Promise<string> {
  const run = join(root, "limited")
  const limited = swirl(server, [...evaluation, "--run", run], "24")
  expectSentence("a limit on file sizes", limited, /^Could not write \S+: the file would become larger than allowed/)
  expectOk("without the limit", swirl(server, [...evaluation, "--run", run]))
  expectSame("a limit on file sizes", unbroken, run)
  return "the limit on file sizes was said, and gone on without"
}

function readOnly(server: FaultServer, unbroken: string): string {
  const disk = smallDisk(join(root, "read-only"), 64_000)
  if (!disk) return "skipped, since this user may not mount"
  try {
    const run = join(disk.path, "run")
    expectOk("before", swirl(server, [...evaluation, "--run", run]))
    disk.setReadOnly(true)
    const refused = /^Could not (write|create|open) \S+: the file system is read-only\. Use another folder \(--run\)\./
    expectSentence("a new run", swirl(server, [...evaluation, "--run", join(disk.path, "new")]), refused)
    expectSentence("a finished run", swirl(server, [...evaluation, "--run", run]), refused)
    const reading = [
      ["validate", run],
      ["compare", run, run],
    ]
    for (const args of reading) expectOk(`swirl ${args.join(" ")}, of a read-only folder`, swirl(server, args))
    expectSame("a read-only folder", unbroken, run)
    return `refused by a sentence; ${reading.map(([name]) => name).join(", ")} read it`
  } finally {
    disk.unmount()
  }
}

async function main(): Promise<void> {
  const server = await startFaultServer({ seed: 1, work: [1, 2], outageEvery: 1e6, outageSeconds: 0 })
  try {
    const unbroken = join(root, "unbroken")
    expectOk("unbroken", swirl(server, [...evaluation, "--run", unbroken]))
    say(`disk full: ${await fullDisk(server, unbroken)}`)
    say(`file size: ${await fileSizeLimit(server, unbroken)}`)
    say(`read-only: ${readOnly(server, unbroken)}`)
    say("ok disk")
  } finally {
    server.close()
  }
}

try {
  mkdirSync(root, { recursive: true })
  await main()
  rmSync(root, { recursive: true })
} catch (error) {
  say(`FAILED: ${(error as Error).message}; kept in ${root}`)
  process.exitCode = 1
}
