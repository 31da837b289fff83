/** From a model string to a checkpoint on disk: the embedded policy, a folder, a GGUF file, or a hub id in the cache. */
import { existsSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { type Host, SwirlError } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import { isGgufFile } from "@swirl-ts/transformer"

/** The folder of `nano`, the folder or file of `local:<directory, GGUF file or hub id>`; throws a usage error for other model strings. */
export async function policyDirectory(policy: string, host: Host): Promise<string> {
  if (policy === "nano") return nanoDirectory(host)
  if (policy.startsWith("local:")) return localDirectory(policy.slice("local:".length), host)
  throw new SwirlError(`"${policy}" is no local policy. Use nano, local:<directory> or local:<file.gguf>.`, {
    kind: "usage",
  })
}

/** A folder with a config.json, a GGUF file, or the hub id `owner/name` under `<cache>/models`. */
export function localDirectory(reference: string, host: Host): string {
  if (reference === "")
    throw new SwirlError("Give a folder, a GGUF file or a hub id: local:<directory>, local:<file.gguf>.", {
      kind: "usage",
    })
  const directory = resolve(host.workingDirectory, reference)
  if (isGgufFile(reference)) {
    if (statSync(directory, { throwIfNoEntry: false })?.isFile()) return directory
    throw new SwirlError(`There is no file ${directory}.`, { kind: "usage" })
  }
  const cached = join(host.cacheDirectory, "models", reference)
  const found = [directory, cached].find((candidate) => existsSync(join(candidate, "config.json")))
  if (found) return found
  if (existsSync(directory))
    throw new SwirlError(`${directory} has no config.json; it is not a model folder.`, { kind: "usage" })
  const asHubId = /^[\w.-]+\/[\w.-]+$/.test(reference)
    ? ` If it is a hub id, fetch it first: hf download ${reference} --local-dir ${cached}`
    : ""
  throw new SwirlError(`There is no model folder ${directory}.${asHubId}`, { kind: "usage" })
}

/** The embedded policy's package says where its files lie; it is looked for beside this package and in the project. */
export async function nanoDirectory(host: Host, policyPackage = "@swirl-ts/policy-nano"): Promise<string> {
  const { modelDirectory } = await importPolicy(host, policyPackage)
  if (typeof modelDirectory !== "string" && !(modelDirectory instanceof URL)) {
    throw new SwirlError(`${policyPackage} does not export modelDirectory. Install a version that fits this one.`)
  }
  const directory = typeof modelDirectory === "string" ? modelDirectory : fileURLToPath(modelDirectory)
  if (!existsSync(join(directory, "config.json"))) {
    throw new SwirlError(`The embedded policy has no weights in ${directory}. Install ${policyPackage} again.`)
  }
  return directory
}

async function importPolicy(host: Host, policyPackage: string): Promise<{ modelDirectory?: unknown }> {
  try {
    return (await import(policyPackage)) as { modelDirectory?: unknown }
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  try {
    const found = createRequire(join(host.workingDirectory, "package.json")).resolve(policyPackage)
    return (await import(pathToFileURL(found).href)) as { modelDirectory?: unknown }
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new SwirlError(`The model nano needs the package ${policyPackage}. Install it with: npm i ${policyPackage}`, {
      cause,
    })
  }
}

const isMissing = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(errorCode(error) ?? "")
