import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { type IncomingHttpHeaders, request } from "node:http"
import { join } from "node:path"
import { folderDigests, jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import fc from "fast-check"
import { afterEach, beforeEach, expect, test } from "vitest"
import { sample } from "../../test/fixture.ts"
import { readViewerFolder } from "../../test/viewer-folder.ts"
import { writeViewer } from "../viewer/write-viewer.ts"
import { freshViewer } from "./fresh-viewer.ts"
import { type ServedViewer, serveViewer } from "./serve-viewer.ts"
import { servedFile } from "./served-paths.ts"

const told = (id: string) =>
  sample(id, `question of ${id}`, [
    ["<m> 1 </m>", "good", "so", "1"],
    ["2", "bad", "no"],
  ] as never)

let run: string
let pages: string
let served: ServedViewer
let said: string[]
let builds: number
beforeEach(async () => {
  run = temporaryFolder({ "trajectories.jsonl": jsonLines([told("a").trajectory]), "secret.txt": "not of the run" })
  pages = temporaryFolder()
  said = []
  builds = 0
  const viewer = freshViewer(run, pages, () => {
    builds++
    return writeViewer(run, pages, { keepsLast: true })
  })
  served = await serveViewer(viewer, { port: 0, log: (line) => said.push(line) })
})
afterEach(() => served.stop())

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}
/** As it is written: no client puts the path in order. */
function ask(
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
) {
  const { hostname, port } = new URL(served.url)
  return new Promise<Answer>((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      )
    })
    asked.on("error", reject)
    asked.end()
  })
}
const pagesOf = async (): Promise<string> => /pages-[0-9a-f]+/.exec((await ask("/data/summary.js")).body)![0]

test("the viewer, its summary and its pages are served, with nothing that another site could use", async () => {
  const first = await ask("/")
  expect(first).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } })
  expect(first.body).toContain('<div id="app">')
  for (const path of ["/", "/viewer.js", "/viewer.css", `/data/${await pagesOf()}/trajectories-0.js`, "/nothing"]) {
    const { headers } = await ask(path)
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'.*frame-ancestors 'none'$/,
    )
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    })
    expect(headers).not.toHaveProperty("access-control-allow-origin")
  }
})

test("HEAD says what GET would, and nothing else is answered", async () => {
  const { headers } = await ask("/viewer.js")
  expect(await ask("/viewer.js", { method: "HEAD" })).toMatchObject({
    status: 200,
    body: "",
    headers: { "content-length": headers["content-length"] },
  })
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    expect(await ask("/", { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } })
})

test("nothing but the viewer's files and the pages of the run is there", async () => {
  const folder = await pagesOf()
  const paths = [
    "/secret.txt",
    "/../secret.txt",
    "/data/../../secret.txt",
    "/data/%2e%2e/summary.js",
    `/data/${folder}/../../index.html`,
    `/data/${folder}/..%2f..%2findex.html`,
    `/data/${folder}/samples-0.js%00`,
    `/data/${folder}/samples-99.js`,
    `/data/${folder}/samples-0.js/`,
    `/data/${folder}/`,
    "/data/",
    "/data/lock",
    "/data/constructor/samples-0.js",
    "//etc/passwd",
    "/etc/passwd",
    "/trajectories.jsonl",
    "/run.json",
    "/viewer.js/..",
    "http://elsewhere/viewer.js",
  ]
  for (const path of paths) expect([path, (await ask(path)).status]).toEqual([path, 404])
})

test("a path is never a part of a file's name", () => {
  const builds = new Set(["pages-0a"])
  const part = fc.oneof(
    fc.constantFrom("..", ".", "data", "pages-0a", "samples-0.js", "/", "\\", "%2e%2e", "\0"),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const file = servedFile(`/${parts.join("/")}`, "/viewer", builds)
      if (file === undefined) return
      expect(file).toMatch(
        /^\/viewer\/(index\.html|viewer\.(js|css)|licenses\.md|data\/summary\.js|data\/pages-0a\/samples-\d+\.js)$/,
      )
    }),
  )
})

test("a name that another site has resolved to this machine is refused, and so is another site's request", async () => {
  const { host } = new URL(served.url)
  const port = host.split(":")[1]!
  for (const name of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "127.0.0.1:1",
    `127.0.0.1.evil.example:${port}`,
  ])
    expect([name, (await ask("/", { headers: { host: name } })).status]).toEqual([name, 403])
  for (const name of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`])
    expect((await ask("/", { headers: { host: name } })).status).toBe(200)
  for (const origin of ["http://evil.example", "null", `https://${host}`, "file://"])
    expect((await ask("/data/summary.js", { headers: { origin } })).status).toBe(403)
  expect((await ask("/data/summary.js", { headers: { origin: `http://${host}` } })).status).toBe(200)
  const script = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }
  expect((await ask("/data/summary.js", { headers: script })).status).toBe(403)
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }
  expect((await ask("/", { headers: link })).status).toBe(200)
  expect((await ask("/", { headers: { ...link, "sec-fetch-dest": "iframe" } })).status).toBe(403)
  expect((await ask("/data/summary.js", { headers: link })).status).toBe(403)
})

test("a reload shows what has come since, and the run folder is only read", async () => {
  const before = folderDigests(run)
  await ask("/")
  await ask("/")
  expect(builds).toBe(1)
  expect(folderDigests(run)).toEqual(before)
  const old = await pagesOf()
  appendFileSync(join(run, "trajectories.jsonl"), `${jsonLines([told("b").trajectory])}{"torn`)
  await Promise.all([ask("/"), ask("/")])
  expect(builds).toBe(2)
  expect(readViewerFolder(pages).samples[0]!.key).toEqual(["a", "b"])
  // A page that is open still reads the trajectories that it knows of.
  expect((await ask(`/data/${old}/trajectories-0.js`)).status).toBe(200)
})

test("records that cannot be read are an answer with their error, until they are put right", async () => {
  await ask("/")
  const path = join(run, "trajectories.jsonl")
  const right = readFileSync(path, "utf8")
  writeFileSync(path, `{"no": "trajectory"}\n${right}`)
  const { status, body, headers } = await ask("/")
  expect([status, headers["content-type"]]).toEqual([500, "text/plain; charset=utf-8"])
  expect(body).toContain("trajectories.jsonl, line 1")
  expect(said).toEqual([expect.stringContaining("trajectories.jsonl, line 1")])
  writeFileSync(path, right)
  expect((await ask("/")).status).toBe(200)
})

test("a port that is taken is said", async () => {
  const viewer = freshViewer(run, pages, () => writeViewer(run, pages))
  const port = Number(new URL(served.url).port)
  await expect(serveViewer(viewer, { port, log: () => {} })).rejects.toThrow(`Port ${port} cannot be used`)
})
