import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { serve, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { download, type HubFile } from "./index.ts"

const content = readFileSync(new URL("../../../bench-gsm8k/fixtures/five.parquet", import.meta.url))
const sha256 = createHash("sha256").update(content).digest("hex")
const file: HubFile = {
  repository: "openai/gsm8k",
  revision: "740312add88f781978c0658806c59bc2815b9866",
  path: "main/test-00000-of-00001.parquet",
  sha256,
}
const resolvePath = `/datasets/${file.repository}/resolve/${file.revision}/${file.path}`

/** A hub that answers as the real one does for a plain file; `body` may shorten or change what it sends. */
async function hub(body: (bytes: Buffer, from: number) => Buffer | "cut" = (bytes) => bytes, tag = () => '"five"') {
  const ranges: (string | undefined)[] = []
  const { url: endpoint, close } = await serve((request, response) => {
    if (request.url !== resolvePath) {
      response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end()
      return
    }
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? []
    const start = Number(from ?? 0)
    const bytes = content.subarray(start, to ? Number(to) + 1 : content.length)
    const probe = request.headers.range === "bytes=0-0"
    if (!probe) ranges.push(request.headers.range)
    response.writeHead(from === undefined ? 200 : 206, {
      ETag: tag(),
      "Content-Length": bytes.length,
      ...(from === undefined
        ? {}
        : { "Content-Range": `bytes ${start}-${start + bytes.length - 1}/${content.length}` }),
    })
    const sent = probe ? bytes : body(bytes, start)
    if (sent === "cut") {
      response.write(bytes.subarray(0, 1000))
      setTimeout(() => response.destroy(), 50)
    } else response.end(sent)
  })
  const host = testHost({ environment: { HF_ENDPOINT: `${endpoint}/` } })
  return { host, ranges, endpoint, close }
}

const listed = async (target: string) => (await readdir(dirname(target))).sort()

test("a file comes once, whole, under its revision; callers at the same time share it", async () => {
  const { host, ranges } = await hub()
  const [target, same] = await Promise.all([download(file, host), download(file, host)])
  expect(same).toBe(target)
  expect(await readFile(target)).toEqual(content)
  expect(target).toContain(join("openai--gsm8k", file.revision, "main"))
  await download(file, host)
  expect(ranges).toHaveLength(1)
  expect(host.lines).toHaveLength(1)
  expect(await listed(target)).toEqual(["test-00000-of-00001.parquet"])
})

test("a download that was cut off says so and goes on where it stopped", async () => {
  let cuts = 1
  const { host, ranges } = await hub((bytes) => (cuts-- > 0 ? "cut" : bytes))
  await expect(download(file, host)).rejects.toThrow(/Could not download main\/test.*Run it again.*--data PATH/s)
  const target = await download(file, host)
  expect(await readFile(target)).toEqual(content)
  expect(ranges).toEqual([undefined, `bytes=1000-${content.length - 1}`])
})

test.runIf(process.platform === "linux")("a cache where no folder can be made ends in a sentence", async () => {
  const host = testHost({ cacheDirectory: "/proc/cache" })
  await expect(download(file, host)).rejects.toThrow("Could not create /proc/cache: the folder above takes none")
})

test("the part of a process that has ended is continued, that of a living one is left alone", async () => {
  const { host, ranges } = await hub()
  const target = join(host.cacheDirectory, "datasets", "openai--gsm8k", file.revision, file.path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(`${target}.1.part`, "of the process with id 1, which lives")
  await writeFile(`${target}.99999999.part`, content.subarray(0, 700))
  await download(file, host)
  expect(ranges).toEqual([`bytes=700-${content.length - 1}`])
  expect(await listed(target)).toEqual(["test-00000-of-00001.parquet", "test-00000-of-00001.parquet.1.part"])
})

test("a part of something else is thrown away and the file fetched anew", async () => {
  const { host, ranges } = await hub()
  const target = join(host.cacheDirectory, "datasets", "openai--gsm8k", file.revision, file.path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(`${target}.99999999.part`, "x".repeat(700))
  expect(await readFile(await download(file, host))).toEqual(content)
  expect(ranges).toEqual([`bytes=700-${content.length - 1}`, undefined])
})

test("content with another checksum is refused and nothing is left", async () => {
  const { host } = await hub((bytes) => Buffer.alloc(bytes.length, 1))
  await expect(download(file, host)).rejects.toThrow(/another SHA-256 than the pinned one.*--data PATH/)
  expect(await readdir(join(host.cacheDirectory, "datasets", "openai--gsm8k", file.revision, "main"))).toEqual([])
})

test("a file the hub does not have, and a hub that is not there, are said in a sentence", async () => {
  const { host, endpoint, close } = await hub()
  await expect(download({ ...file, path: "main/none.parquet" }, host)).rejects.toThrow(/the hub has no such file/)
  await close()
  await expect(download({ ...file, revision: "0" }, host)).rejects.toThrow(
    new RegExp(
      `^Could not download main/test.* of openai/gsm8k from ${endpoint}: .*ECONNREFUSED.*give the file with --data PATH\\.$`,
    ),
  )
})

test("an official host's file is fetched, continued by range, and without a pin its checksum is written beside it", async () => {
  const { host, ranges, endpoint } = await hub()
  const url = `${endpoint}${resolvePath}`
  const target = join(
    host.cacheDirectory,
    "datasets",
    new URL(endpoint).host.replace(":", "-"),
    ...resolvePath.slice(1).split("/"),
  )
  await mkdir(dirname(target), { recursive: true })
  await writeFile(`${target}.99999999.part`, content.subarray(0, 500))
  expect(await download({ url, sha256, size: content.length }, host)).toBe(target)
  expect(ranges).toEqual(["bytes=500-"])
  expect(await listed(target)).toEqual(["test-00000-of-00001.parquet"])

  const other = testHost()
  const unpinned = await download({ url }, other)
  expect(await readFile(unpinned)).toEqual(content)
  expect((await readFile(`${unpinned}.sha256`, "utf8")).trim()).toBe(sha256)
  await rm(unpinned)
  await writeFile(`${unpinned}.sha256`, "0".repeat(64))
  await expect(download({ url }, other)).rejects.toThrow(/another SHA-256 than the one in .*\.sha256/)
  await expect(download({ url: `${endpoint}/absent` }, host)).rejects.toThrow(/absent: the host answered 404/)
})

/** A plain host: ranges as asked for, 416 past the end; or one that knows no ranges. */
async function plainHost(bytes: Buffer, ranges: boolean) {
  const asked: (string | undefined)[] = []
  const { url } = await serve((request, response) => {
    asked.push(request.headers.range)
    const start = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0
    if (start >= bytes.length) response.writeHead(416, { "Content-Range": `bytes */${bytes.length}` }).end()
    else if (start > 0)
      response
        .writeHead(206, { "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` })
        .end(bytes.subarray(start))
    else response.writeHead(200, { "Content-Length": bytes.length }).end(bytes)
  })
  const host = testHost()
  const target = join(host.cacheDirectory, "datasets", new URL(url).host.replace(":", "-"), "data.json")
  await mkdir(dirname(target), { recursive: true })
  return { host, asked, target, url: `${url}/data.json` }
}

test("a host without ranges sends everything again, and the part is written anew", async () => {
  const { host, target, url } = await plainHost(content, false)
  await writeFile(`${target}.99999999.part`, content.subarray(0, 500))
  expect(await readFile(await download({ url }, host))).toEqual(content)
})

test("a part that was whole already is taken, one that is longer than the file is fetched anew", async () => {
  const { host, asked, target, url } = await plainHost(content, true)
  await writeFile(`${target}.99999999.part`, content)
  expect(await readFile(await download({ url, sha256 }, host))).toEqual(content)
  await rm(target)
  await writeFile(`${target}.99999999.part`, Buffer.concat([content, content]))
  expect(await readFile(await download({ url, sha256 }, host))).toEqual(content)
  expect(asked).toEqual([`bytes=${content.length}-`, `bytes=${2 * content.length}-`, undefined])
})

type Headers = Record<string, string>
const etag = (version: string): Headers => ({ ETag: `"${version}"` })
const lastModified = (version: string): Headers => ({ "Last-Modified": `Mon, 0${version} Jan 2024 00:00:00 GMT` })

/** A host whose file may change; it cuts off the first answer after 1,000 bytes of 3,000. */
async function changingHost(headersOf: (version: string) => Headers, knowsIfRange: boolean) {
  const host = testHost()
  const state = { version: "1", asked: [] as (string | undefined)[] }
  const server = await serve((request, response) => {
    const { range } = request.headers
    state.asked.push(range)
    const headers = headersOf(state.version)
    const isSame = Object.values(headers).includes(String(request.headers["if-range"]))
    const start = range && (isSame || !knowsIfRange) ? Number(/\d+/.exec(range)) : 0
    const bytes = Buffer.alloc(3000 - start, state.version)
    response.writeHead(start ? 206 : 200, {
      "Content-Length": bytes.length,
      ...headers,
      ...(start ? { "Content-Range": `bytes ${start}-2999/3000` } : {}),
    })
    if (state.asked.length > 1) return response.end(bytes)
    response.write(bytes.subarray(0, 1000))
    setTimeout(() => response.destroy(), 50)
  })
  const url = `${server.url}/data.json`
  await expect(download({ url }, host)).rejects.toThrow(/Run it again to go on/)
  return { host, url, state }
}

test.each([
  ["by its ETag", etag, true],
  ["by its date where the ETag is weak", (v: string) => ({ ETag: `W/"${v}"`, ...lastModified(v) }), true],
  ["by the ETag of an answer of a host that knows no If-Range", etag, false],
  ["by nothing: it is fetched anew", () => ({}), false],
])("a file without a checksum that changed between two halves is told, %s", async (_how, headersOf, knowsIfRange) => {
  const { host, url, state } = await changingHost(headersOf, knowsIfRange)
  state.version = "2"
  const target = await download({ url }, host)
  expect(await readFile(target, "utf8")).toBe("2".repeat(3000))
  expect(await listed(target)).toEqual(["data.json", "data.json.sha256"])
})

test("a file without a checksum that is the same still is continued, also by another process", async () => {
  const { host, url, state } = await changingHost(etag, true)
  const folder = join(host.cacheDirectory, "datasets", new URL(url).host.replace(":", "-"))
  for (const end of [".part", ".part.version"]) {
    await rename(join(folder, `data.json.${process.pid}${end}`), join(folder, `data.json.99999999${end}`))
  }
  const target = await download({ url }, host)
  expect(await readFile(target, "utf8")).toBe("1".repeat(3000))
  expect(state.asked).toEqual([undefined, "bytes=1000-"])
  expect(await listed(target)).toEqual(["data.json", "data.json.sha256"])
})

test.each([
  ["the same", '"five"', `bytes=1000-${content.length - 1}`],
  ["another", '"six"', undefined],
])("a hub's file without a checksum is continued only where its ETag is the same: %s", async (_what, later, range) => {
  let told = '"five"'
  const { host, ranges } = await hub(
    (bytes) => (ranges.length === 1 ? "cut" : told === '"six"' ? Buffer.alloc(bytes.length, 6) : bytes),
    () => told,
  )
  const { sha256: _sha256, ...unpinned } = file
  await expect(download(unpinned, host)).rejects.toThrow(/Run it again to go on/)
  told = later
  const target = await download(unpinned, host)
  expect(await readFile(target)).toEqual(later === '"six"' ? Buffer.alloc(content.length, 6) : content)
  expect(ranges).toEqual([undefined, range])
})

test("a large file says at every tenth how far it is", async () => {
  const bytes = Buffer.alloc(12e6, "swirl")
  const { host, url } = await plainHost(bytes, true)
  await download({ url }, host)
  const tenths = host.lines.slice(1).map((line) => Number(/: (\d+) %$/.exec(line)?.[1]))
  expect(host.lines[0]).toBe(`Downloading ${url} (12.0 MB)`)
  expect(tenths.map((percent) => Math.floor(percent / 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test("nothing is fetched where HF_HUB_OFFLINE is set; what is in the cache is there", async () => {
  const { host, ranges } = await hub()
  const offline = { ...host, environment: { ...host.environment, HF_HUB_OFFLINE: "1" } }
  await expect(download(file, offline)).rejects.toThrow("HF_HUB_OFFLINE is set")
  expect(ranges).toEqual([])
  const target = await download(file, host)
  expect(await download(file, offline)).toBe(target)
})
