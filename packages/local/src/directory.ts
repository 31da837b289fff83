/** From a model string to a checkpoint on disk: the embedded policy, a folder, a GGUF file, or a model of the hub. */
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import type { HubModel } from "@swirl-ts/kit/download"
import { createRequire, existsSync, fileURLToPath, join, pathToFileURL, resolve, statSync } from "@swirl-ts/platform"
import { isGgufFile } from "@swirl-ts/transformer/files"

/** A folder with a config.json, a GGUF file, or the model `owner/name[@revision]` of the hub, which is fetched once. */
export async function localDirectory(reference: string, host: Host): Promise<string> {
  return (await thereAlready(reference, host)) ?? onHub(reference, host, (hub, model) => hub.hubModel(model, host))
}

/** What of it is on disk; undefined for a model of the hub that has not been fetched. Asks nothing of the network. */
export async function directoryOnDisk(reference: string, host: Host): Promise<string | undefined> {
  const found = await thereAlready(reference, host)
  return found !== undefined && isGgufFile(found) ? undefined : found
}

/** Throws where neither disk nor hub has it; fetches nothing. */
export async function checkDirectory(reference: string, host: Host): Promise<void> {
  if ((await thereAlready(reference, host)) === undefined)
    await onHub(reference, host, (hub, model) => hub.findHubModel(model, host))
}

async function thereAlready(reference: string, host: Host): Promise<string | undefined> {
  if (reference === "")
    throw new SwirlError("Give a folder, a GGUF file or a hub id: local:<directory>, local:<file.gguf>, local:<id>.", {
      kind: "usage",
    })
  const path = resolve(host.workingDirectory, reference)
  if (isGgufFile(reference)) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path
    throw new SwirlError(`There is no file ${path}.`, { kind: "usage" })
  }
  const byHand = join(host.cacheDirectory, "models", reference)
  const found = [path, byHand].find((candidate) => existsSync(join(candidate, "config.json")))
  if (found) return found
  if (existsSync(path)) throw new SwirlError(`${path} has no config.json; it is not a model folder.`, { kind: "usage" })
  const model = hubModelOf(reference)
  if (!model) throw new SwirlError(`There is no model folder ${path}.`, { kind: "usage" })
  return (await import("@swirl-ts/kit/download")).fetchedModel(model, host)
}

async function onHub<T>(
  reference: string,
  host: Host,
  ask: (hub: typeof import("@swirl-ts/kit/download"), model: HubModel) => Promise<T>,
): Promise<T> {
  try {
    return await ask(await import("@swirl-ts/kit/download"), hubModelOf(reference)!)
  } catch (cause) {
    const path = resolve(host.workingDirectory, reference)
    throw new SwirlError(`There is no model folder ${path}. ${errorMessage(cause)}`, { cause, kind: "usage" })
  }
}

/** `owner/name` or `owner/name@revision`. */
function hubModelOf(reference: string): HubModel | undefined {
  const [, repository, revision] = /^([\w-][\w.-]*\/[\w-][\w.-]*)(?:@([\w./-]+))?$/.exec(reference) ?? []
  return repository === undefined ? undefined : { repository, revision }
}

/**
 * `SWIRL_NANO` names the folder of the embedded policy. Else its package says where its files lie; it is looked for beside
 * this package and in the project.
 */
export async function nanoDirectory(host: Host, policyPackage = "@swirl-ts/policy-nano"): Promise<string> {
  if (host.environment.SWIRL_NANO) return host.environment.SWIRL_NANO
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
