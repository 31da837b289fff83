import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { isSwirlError } from "@swirl-ts/core"
import { sourceFlags, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { hasPeer, importPeer, type Peer, peersDirectory } from "./peers.ts"

const peer: Peer = {
  folder: "lights",
  module: "@far/lights",
  install: "@far/lights@1.2.3 --omit=optional",
  need: "The lamp needs lights",
}
/** A folder of peers, as npm leaves it. */
const installed = (type: string, source: string): string =>
  temporaryFolder({
    "lights/node_modules/@far/lights/package.json": { name: peer.module, type, main: "index.js" },
    "lights/node_modules/@far/lights/index.js": source,
  })
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
  ])("are imported from a folder of their own: %s", (type, source) => {
    const host = testHost({ environment: { SWIRL_PEERS: installed(type, source) } })
    expect(hasPeer(peer, host)).toBe(true)
    expect(hasPeer(peer, testHost())).toBe(false)
    // In a process of its own: vitest has its own way with modules.
    const script = `import { importPeer } from ${JSON.stringify(new URL("./peers.ts", import.meta.url))}
      console.log((await importPeer(${JSON.stringify(peer)}, ${JSON.stringify(host)})).colour)`
    const parameters = [...sourceFlags, "--input-type=module", "--eval", script]
    expect(execFileSync(process.execPath, parameters, { encoding: "utf8" })).toBe("red\n")
  })

  it("that are absent are a usage error with the command that installs them there", async () => {
    const workingDirectory = temporaryFolder()
    const place = join(workingDirectory, ".swirl", "peers", "lights")
    expect(await failure({ environment: {}, workingDirectory })).toBe(
      `The lamp needs lights, which is not in ${place}. Install it with: npm i --prefix ${place} @far/lights@1.2.3 --omit=optional`,
    )
    const spaced = join(workingDirectory, "my peers")
    expect(await failure({ environment: { SWIRL_PEERS: spaced }, workingDirectory })).toContain(
      `npm i --prefix "${join(spaced, "lights")}" @far/lights`,
    )
  })

  it("that are there but cannot be loaded say why", async () => {
    const broken = installed("module", `throw new Error("no GLIBC here.")`)
    expect(await failure(testHost({ environment: { SWIRL_PEERS: broken } }))).toMatch(
      /^The lamp needs lights, which is in .* but cannot be loaded: no GLIBC here\. Install it again with: npm i --prefix /,
    )
  })
})
