/** Models from a server that answers as the hub does. */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { serve, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fetchedModel, findHubModel, hubModel } from "./index.ts"

const commit = "0123456789abcdef0123456789abcdef01234567"
const repository = "owner/name"
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

interface HubState {
  files: Record<string, Buffer>
  commit: string
  /** What the server says and does of the weights. */
  oid?: string
  cuts: number
  token?: string
}

async function modelHub(changes: Partial<HubState> = {}) {
  const state: HubState = {
    files: {
      "config.json": Buffer.from("{}"),
      "model.safetensors": Buffer.alloc(5000, "weights"),
      "tokenizer.json": Buffer.from('{"model":{}}'),
      "README.md": Buffer.from("# A model"),
      "pytorch_model.bin": Buffer.from("pickled"),
    },
    commit,
    cuts: 0,
    ...changes,
  }
  const asked: string[] = []
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://hub")
    asked.push(pathname)
    if (state.token !== undefined && request.headers.authorization !== `Bearer ${state.token}`)
      return response.writeHead(401).end('{"error":"Invalid username or password."}')
    if (pathname.startsWith(`/api/models/${repository}/revision/`)) {
      const json = JSON.stringify({ id: repository, _id: "1", modelId: repository, sha: state.commit, private: false })
      return response.writeHead(200, { "Content-Type": "application/json" }).end(json)
    }
    if (pathname === `/api/models/${repository}/tree/${state.commit}`) {
      const entries = Object.entries(state.files).map(([path, bytes]) => {
        const lfs = { oid: state.oid ?? sha256(bytes), size: bytes.length, pointerSize: 130 }
        const isLarge = path.endsWith(".safetensors")
        return { type: "file", path, size: bytes.length, oid: "0".repeat(40), ...(isLarge ? { lfs } : {}) }
      })
      return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(entries))
    }
    const path = pathname.replace(`/${repository}/resolve/${state.commit}/`, "")
    const content = state.files[path]
    if (!content) return response.writeHead(404, { "X-Error-Code": "EntryNotFound" }).end()
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? []
    const start = Number(from ?? 0)
    const bytes = content.subarray(start, to ? Number(to) + 1 : content.length)
    response.writeHead(from === undefined ? 200 : 206, {
      ETag: `"${sha256(content).slice(0, 40)}"`,
      "Content-Length": bytes.length,
      ...(from === undefined
        ? {}
        : { "Content-Range": `bytes ${start}-${start + bytes.length - 1}/${content.length}` }),
    })
    if (request.headers.range !== "bytes=0-0" && path.endsWith(".safetensors") && state.cuts-- > 0) {
      response.write(bytes.subarray(0, 1000))
      setTimeout(() => response.destroy(), 50)
    } else response.end(bytes)
  })
  const host = testHost({ environment: { HF_ENDPOINT: server.url, HF_TOKEN: state.token } })
  return { host, state, asked, close: server.close }
}

test("a model comes with the files that it is loaded from, at the commit that its name means", async () => {
  const { host, state } = await modelHub()
  const folder = await hubModel({ repository }, host)
  expect(folder).toBe(join(host.cacheDirectory, "models", "owner--name", commit))
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".sha256"))
  expect(names.sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"])
  expect(await readFile(join(folder, "model.safetensors"))).toEqual(state.files["model.safetensors"])
  expect(host.lines[0]).toBe(`owner/name@main is commit ${commit}: 3 files`)
})

test("a name stands for the commit of its first download, without network too; another revision is another one", async () => {
  const { host, state, asked, close } = await modelHub()
  const folder = await hubModel({ repository }, host)
  const before = asked.length
  state.commit = "f".repeat(40)
  expect(await hubModel({ repository }, host)).toBe(folder)
  await findHubModel({ repository }, host)
  expect(asked).toHaveLength(before)
  expect(await hubModel({ repository, revision: "refs/pr/1" }, host)).toContain("f".repeat(40))
  await close()
  expect(await hubModel({ repository }, host)).toBe(folder)
  expect(await fetchedModel({ repository, revision: "v2" }, host)).toBeUndefined()
})

test("a download that broke is gone on with, and nothing counts as fetched before all of it is there", async () => {
  const { host, asked } = await modelHub({ cuts: 1 })
  await expect(hubModel({ repository }, host)).rejects.toThrow(/Could not download model\.safetensors of owner\/name/)
  expect(await fetchedModel({ repository }, host)).toBeUndefined()
  asked.length = 0
  await hubModel({ repository }, host)
  expect(asked.filter((path) => path.endsWith("config.json"))).toEqual([])
  expect(host.lines.join("\n")).toContain("0.0 MB are there")
})

test("weights with another checksum than the hub's are refused and removed", async () => {
  const { host } = await modelHub({ oid: "a".repeat(64) })
  await expect(hubModel({ repository }, host)).rejects.toThrow(
    /another SHA-256 than the pinned one.* or give a folder: local:<directory>\.$/,
  )
  expect(existsSync(join(host.cacheDirectory, "models", "owner--name", commit, "model.safetensors"))).toBe(false)
})

test("HF_TOKEN opens what is not open to all, and who has none is told", async () => {
  const { host } = await modelHub({ token: "hf_secret" })
  await hubModel({ repository }, host)
  const without = { ...host, cacheDirectory: testHost().cacheDirectory }
  without.environment = { HF_ENDPOINT: host.environment.HF_ENDPOINT }
  await expect(findHubModel({ repository }, without)).rejects.toThrow(/was asked in vain: .*HF_TOKEN/)
})

test("a repository without safetensors says which GGUF files it has", async () => {
  const { host } = await modelHub({ files: { "config.json": Buffer.from("{}"), "q4.gguf": Buffer.from("GGUF") } })
  await expect(findHubModel({ repository }, host)).rejects.toThrow(
    "owner/name@main has no safetensors. It has GGUF files: fetch one, such as q4.gguf, and name it: local:<file.gguf>.",
  )
})

test("without network there is a sentence", async () => {
  const { host, close } = await modelHub()
  await close()
  await expect(hubModel({ repository }, host)).rejects.toThrow(
    /There is no model owner\/name@main in the cache, and http:.* was asked in vain: fetch failed .*; without network, give a folder: local:<directory>\./,
  )
})
