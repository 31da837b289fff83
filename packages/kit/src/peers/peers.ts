/**
 * Optional peers: packages that are installed on demand, outside the project. Invariant: this file alone knows where they
 * lie, so whoever installs one and whoever needs it mean the same folder.
 */
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { createRequire, existsSync, join, pathToFileURL } from "@swirl-ts/platform"

type Place = Pick<Host, "environment" | "workingDirectory">

export interface Peer {
  /** Its folder among the peers: an npm prefix of its own, because npm removes from a prefix what it was not told of. */
  folder: string
  /** What is imported. */
  module: string
  /** Packages with versions, and npm's flags. */
  install: string
  /** Who needs it, as a sentence begins, e.g. `llama: models need node-llama-cpp`. */
  need: string
}

/** `SWIRL_PEERS`, else `.swirl/peers` of the working directory. TensorFlow's native library lies directly in it. */
export const peersDirectory = ({ environment, workingDirectory }: Place): string =>
  environment.SWIRL_PEERS || join(workingDirectory, ".swirl", "peers")

/** Whether a peer is installed; nothing is loaded. */
export const hasPeer = ({ folder, module }: Pick<Peer, "folder" | "module">, host: Place): boolean =>
  existsSync(join(peersDirectory(host), folder, "node_modules", module))

/** Imports a peer, of which the caller types what it uses. Its absence is a usage error with the command that installs it. */
export async function importPeer<Module>(peer: Peer, host: Place): Promise<Module> {
  const folder = join(peersDirectory(host), peer.folder)
  const command = `npm i --prefix ${/\s/.test(folder) ? JSON.stringify(folder) : folder} ${peer.install}`
  let file: string
  try {
    file = createRequire(join(folder, "package.json")).resolve(peer.module)
  } catch (cause) {
    const message = `${peer.need}, which is not in ${folder}. Install it with: ${command}`
    throw new SwirlError(message, { kind: "usage", cause })
  }
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { default?: Module } & Module
    // CommonJS arrives under `default`.
    return loaded.default ?? loaded
  } catch (cause) {
    const message = `${peer.need}, which is in ${folder} but cannot be loaded: ${errorMessage(cause)} Install it again with: ${command}`
    throw new SwirlError(message, { kind: "usage", cause })
  }
}
