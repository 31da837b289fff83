import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isSwirlError } from "@swirl-ts/core"
import { afterEach, describe, expect, it } from "vitest"
import { hasPeer, importPeer, type Peer, peersDirectory } from "./peers.ts"

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})
async function temporary(name = "swirl-peers-"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name))
  folders.push(folder)
  return folder
}

const peer: Peer = {
  folder: "lights",
  module: "@far/lights",
  install: "@far/lights@1.2.3 --omit=optional",
  need: "The lamp needs lights",
}
/** Writes the peer's package as npm does. */
async function install(peers: string, type: string, source: string): Promise<void> {
  const directory = join(peers, peer.folder, "node_modules", peer.module)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, "package.json"), JSON.stringify({ name: peer.module, type, main: "index.js" }))
  await writeFile(join(directory, "index.js"), source)
}
async function failure(host: Parameters<typeof importPeer>[1]): Promise<string> {
  const error: unknown = await importPeer(peer, host).catch((thrown: unknown) => thrown)
  expect(isSwirlError(error) && error.kind).toBe("usage")
  return (error as Error).message
}

describe("peers", () => {
  it("lie in SWIRL_PEERS, else in .swirl/peers of the working directory", () => {
    expect(peersDirectory({ environment: { SWIRL_PEERS: "/far" }, workingDirectory: "/work" })).toBe("/far")
    for (const environment of [{}, { SWIRL_PEERS: "" }]) {
      expect(peersDirectory({ environment, workingDirectory: "/work" })).toBe("/work/.swirl/peers")
    }
  })

  it.each([
    ["module", `export const colour = "red"`],
    ["commonjs", `module.exports = Object.fromEntries([["colour", "red"]])`],
  ])("are imported from a folder of their own: %s", async (type, source) => {
    const peers = await temporary()
    const host = { environment: { SWIRL_PEERS: peers }, workingDirectory: "/nowhere" }
    expect(hasPeer(peer, host)).toBe(false)
    await install(peers, type, source)
    expect(hasPeer(peer, host)).toBe(true)
    expect((await importPeer<{ colour: string }>(peer, host)).colour).toBe("red")
  })

  it("that are absent are a usage error with the command that installs them there", async () => {
    const workingDirectory = await temporary()
    const place = join(workingDirectory, ".swirl", "peers", "lights")
    expect(await failure({ environment: {}, workingDirectory })).toBe(
      `The lamp needs lights, which is not in ${place}. Install it with: npm i --prefix ${place} @far/lights@1.2.3 --omit=optional`,
    )
    const spaced = await temporary("swirl peers ")
    expect(await failure({ environment: { SWIRL_PEERS: spaced }, workingDirectory })).toContain(
      `npm i --prefix "${join(spaced, "lights")}" @far/lights`,
    )
  })

  it("that are there but cannot be loaded say why", async () => {
    const peers = await temporary()
    await install(peers, "module", `throw new Error("no GLIBC here.")`)
    expect(await failure({ environment: { SWIRL_PEERS: peers }, workingDirectory: "/nowhere" })).toMatch(
      /^The lamp needs lights, which is in .* but cannot be loaded: no GLIBC here\. Install it again with: npm i --prefix /,
    )
  })
})
