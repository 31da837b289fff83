/** Node's file system is the model: the same operations on a folder of the disk and on the tree in memory, one after another. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import * as browser from "./browser/index.ts"
import * as node from "./node/index.ts"

type Files = typeof node

const names = ["a", "b", "c", "a/b", "a/c", "b/a", "a/b/c"]
const path = fc.constantFrom(...names)
const content = fc.uint8Array({ maxLength: 300 })
const flags = fc.constantFrom("r", "r+", "w", "wx", "wx+", "a")

/** What an operation gives, or the code that it is refused with. */
type Operation = (files: Files, root: string) => unknown

const operations: fc.Arbitrary<{ name: string; run: Operation }> = fc.oneof(
  fc.tuple(path, content).map(([at, bytes]) => step(`write ${at}`, (f, r) => f.writeFile(join(r, at), bytes))),
  fc.tuple(path, content).map(([at, bytes]) => step(`append ${at}`, (f, r) => f.appendFile(join(r, at), bytes))),
  fc
    .tuple(path, content)
    .map(([at, bytes]) => step(`new ${at}`, (f, r) => f.writeFile(join(r, at), bytes, { flag: "wx" }))),
  path.map((at) => step(`read ${at}`, async (f, r) => (await f.readFile(join(r, at))).toString("hex"))),
  path.map((at) => step(`text ${at}`, (f, r) => f.readFileSync(join(r, at), "utf8"))),
  path.map((at) => step(`mkdir ${at}`, async (f, r) => void (await f.mkdir(join(r, at))))),
  path.map((at) => step(`mkdir -p ${at}`, async (f, r) => void (await f.mkdir(join(r, at), { recursive: true })))),
  // With which of several good reasons these are refused is nobody's business.
  fc.tuple(path, path).map(([a, b]) =>
    step(`copy ${a} ${b}`, (f, r) => {
      // Of a folder Node copies nothing, and deletes what stood at the other name.
      if (!f.statSync(join(r, a), { throwIfNoEntry: false })?.isFile()) return "no file"
      return refusedAnyhow(() => f.copyFileSync(join(r, a), join(r, b)))(f, r)
    }),
  ),
  fc.tuple(path, path).map(([a, b]) =>
    step(
      `rename ${a} ${b}`,
      refusedAnyhow((f, r) => f.renameSync(join(r, a), join(r, b))),
    ),
  ),
  path.map((at) => step(`rm -rf ${at}`, (f, r) => f.rm(join(r, at), { recursive: true, force: true }))),
  path.map((at) => step(`rm ${at}`, (f, r) => f.rm(join(r, at)))),
  path.map((at) => step(`exists ${at}`, (f, r) => f.existsSync(join(r, at)))),
  path.map((at) =>
    step(`stat ${at}`, async (f, r) => {
      const found = await f.stat(join(r, at))
      return [found.isFile(), found.isDirectory(), found.isFile() ? found.size : 0]
    }),
  ),
  path.map((at) => step(`list ${at}`, async (f, r) => (await f.readdir(join(r, at))).sort())),
  fc.constant(undefined).map(() => step("list all", async (f, r) => (await f.readdir(r, { recursive: true })).sort())),
  fc.tuple(path, flags, content, fc.nat(400), fc.nat(500)).map(([at, flag, bytes, position, size]) =>
    step(`open ${at} ${flag}`, async (f, r) => {
      const handle = await f.open(join(r, at), flag)
      try {
        const seen: unknown[] = []
        if (flag !== "r" && flag !== "a") seen.push((await handle.write(bytes, 0, bytes.length, position)).bytesWritten)
        if (flag === "r+") await handle.truncate(size)
        if (flag !== "w" && flag !== "wx" && flag !== "a") {
          const { bytesRead, buffer } = await handle.read(Buffer.alloc(50), 0, 50, position >> 1)
          seen.push(bytesRead, buffer.toString("hex"))
        }
        await handle.sync()
        if ((await handle.stat()).isFile()) seen.push((await handle.stat()).size)
        return seen
      } finally {
        await handle.close()
      }
    }),
  ),
  fc.tuple(path, fc.nat(100), fc.nat(200)).map(([at, start, more]) =>
    step(`stream ${at}`, async (f, r) => {
      const pieces: Buffer[] = []
      const streamed = f.createReadStream(join(r, at), { start, end: start + more, highWaterMark: 64 })
      for await (const piece of streamed) pieces.push(piece as Buffer)
      return Buffer.concat(pieces).toString("hex")
    }),
  ),
)

const step = (name: string, run: Operation) => ({ name, run })

function refusedAnyhow(run: Operation): Operation {
  return (files, root) => {
    try {
      run(files, root)
      return "done"
    } catch {
      return "refused"
    }
  }
}

async function outcome(run: Operation, files: Files, root: string): Promise<unknown> {
  try {
    return await run(files, root)
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}

let disk: string
beforeAll(() => {
  disk = mkdtempSync(join(tmpdir(), "swirl-platform-"))
})
afterAll(() => rmSync(disk, { recursive: true }))

test("files in memory do what those on a disk do, and are refused with the same codes", async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(operations, { minLength: 5, maxLength: 40 }), async (steps) => {
      const folder = String(run++)
      const [onDisk, inMemory] = [join(disk, folder), `/${folder}`]
      await node.mkdir(onDisk)
      await browser.mkdir(inMemory)
      for (const { name, run } of steps) {
        const wanted = await outcome(run, node, onDisk)
        const got = await outcome(run, browser as unknown as Files, inMemory)
        expect([steps.map((each) => each.name), name, got]).toEqual([steps.map((each) => each.name), name, wanted])
      }
    }),
    { numRuns: 300, seed: 7 },
  )
})

test("two writes are two versions, whatever the clock says", () => {
  const versions = new Set<bigint>()
  for (let i = 0; i < 100; i++) {
    const file = browser.openSync("/version", "w")
    browser.writeSync(file, "x")
    browser.closeSync(file)
    versions.add(browser.statSync("/version", { bigint: true }).mtimeNs)
  }
  expect(versions.size).toBe(100)
})

test("paths come out as Node's on POSIX", () => {
  const part = fc.constantFrom("", ".", "..", "a", "b.c", ".d", "a/b", "/a", "/a/b.c", "/", "a/../b", "a//b")
  const all = ({ basename, dirname, extname, isAbsolute, join, relative, resolve }: Files, a: string, b: string) => ({
    basename: basename(a),
    dirname: dirname(a),
    extname: extname(a),
    isAbsolute: isAbsolute(a),
    join: join(a, b),
    relative: relative(resolve("/x", a), resolve("/x", b)),
    resolve: resolve("/x", a, b),
  })
  fc.assert(
    fc.property(part, part, (a, b) => {
      expect(all(browser as unknown as Files, a, b)).toEqual(all(node, a, b))
    }),
  )
})
