/**
 * From a model string to what lies on disk: a base, and the adapters on top of it. An adapter's folder alone opens its base, too,
 * which its files name. Invariant: an adapter is never put on weights other than those that it was trained on, where they are known.
 */
import { contentHash, errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { filesDigest } from "@swirl-ts/kit"
import { existsSync, resolve } from "@swirl-ts/platform"
import { isAdapterFolder, readAdapterBase } from "@swirl-ts/transformer/files"
import { checkDirectory, directoryOnDisk, localDirectory, nanoDirectory } from "./directory.ts"
import { checkpointIdentity } from "./identity.ts"

export interface PolicySource {
  /** The folder or GGUF file of the base. */
  directory: string
  /** Folders of adapters, summed. */
  adapters: readonly string[]
  /** The model string that opens it from anywhere on this machine. */
  name: string
}

interface Parts {
  /** A reference as without adapters, or `nano`; undefined where an adapter's folder stands alone. */
  base?: string
  /** Folders. */
  adapters: string[]
}

/** The parts of `<base>+<adapter>+…`. Throws a usage error for adapters that are not there. */
function partsOf(reference: string, host: Host): Parts {
  const whole = resolve(host.workingDirectory, reference)
  const [first = "", ...rest] = existsSync(whole) ? [reference] : reference.split("+")
  const folder = resolve(host.workingDirectory, first)
  const adapters = rest.map((each) => adapterFolder(each, host))
  if (first !== "" && isAdapterFolder(folder) && !existsSync(`${folder}/config.json`)) {
    if (adapters.length === 0) return { adapters: [folder] }
    throw new SwirlError(`${folder} is an adapter; the base comes first: local:<base>+<adapter>.`, { kind: "usage" })
  }
  return { base: first, adapters }
}

function adapterFolder(reference: string, host: Host): string {
  const folder = resolve(host.workingDirectory, reference)
  if (isAdapterFolder(folder)) return folder
  throw new SwirlError(`${folder} is no adapter: it has no adapter_config.json.`, { kind: "usage" })
}

/** The folder of a policy of its own on disk, for what lies beside its weights: that of the last adapter where it has any. */
export async function sourceOnDisk(reference: string, host: Host): Promise<string | undefined> {
  const { base = "", adapters } = partsOf(reference, host)
  return adapters.at(-1) ?? directoryOnDisk(base, host)
}

/** Throws where a part is not there; fetches and loads nothing. */
export async function checkSource(reference: string, host: Host): Promise<void> {
  const { base, adapters } = partsOf(reference, host)
  if (base !== undefined && (base !== "nano" || adapters.length === 0)) await checkDirectory(base, host)
}

/** The source of `nano` or `local:…`; throws a usage error for other model strings. */
export async function policySource(policy: string, host: Host): Promise<PolicySource> {
  if (policy === "nano") return { directory: await nanoDirectory(host), adapters: [], name: "nano" }
  if (!policy.startsWith("local:"))
    throw new SwirlError(
      `"${policy}" is no local policy. Use nano, local:<directory>, local:<file.gguf> or local:<base>+<adapter>.`,
      { kind: "usage" },
    )
  const { base, adapters } = partsOf(policy.slice("local:".length), host)
  const below = base === undefined ? await baseOf(adapters[0]!, host) : await named(base, adapters.length > 0, host)
  if (base !== undefined) for (const adapter of adapters) await checkBase(adapter, below, host)
  return {
    directory: below.directory,
    adapters: [...below.adapters, ...adapters],
    name:
      adapters.length === 0
        ? below.name
        : [below.name.startsWith("local:") ? below.name : `local:${below.name}`, ...adapters].join("+"),
  }
}

async function named(base: string, mayBeNano: boolean, host: Host): Promise<PolicySource> {
  if (base === "nano" && mayBeNano) return policySource("nano", host)
  const directory = await localDirectory(base, host)
  return { directory, adapters: [], name: `local:${directory}` }
}

/** The base that an adapter's own files name. */
async function baseOf(adapter: string, host: Host): Promise<PolicySource> {
  const { name } = readBase(adapter)
  const say = `Name the base yourself: local:<base>+${adapter}`
  if (name === "") throw new SwirlError(`${adapter} does not say which base it belongs to. ${say}`, { kind: "usage" })
  let source: PolicySource
  try {
    source = await policySource(name === "nano" || name.startsWith("local:") ? name : `local:${name}`, host)
  } catch (cause) {
    throw new SwirlError(`The base of ${adapter} cannot be opened: ${errorMessage(cause)} ${say}`, {
      kind: "usage",
      cause,
    })
  }
  await checkBase(adapter, source, host)
  return source
}

async function checkBase(adapter: string, base: PolicySource, host: Host): Promise<void> {
  const { digest } = readBase(adapter)
  if (digest === undefined || digest === (await sourceIdentity(base, host))) return
  throw new SwirlError(
    `${adapter} is an adapter of another base: the weights of ${base.name} are not those that it was trained on.`,
    { kind: "usage" },
  )
}

function readBase(adapter: string) {
  try {
    return readAdapterBase(adapter)
  } catch (cause) {
    throw new SwirlError(errorMessage(cause), { cause })
  }
}

const adapterFiles = ["adapter_config.json", "adapter_model.safetensors"]

/** Digest of everything that decides what a policy says: that of the base alone, or of base and adapters. */
export async function sourceIdentity({ directory, adapters }: PolicySource, host: Host): Promise<string> {
  const base = await checkpointIdentity(directory, host)
  if (adapters.length === 0) return base
  return contentHash([base, ...(await Promise.all(adapters.map((folder) => filesDigest(folder, adapterFiles))))])
}
