/** Which base the folder of an adapter belongs to, as its files say. */
import { existsSync, join } from "@swirl-ts/platform"
import { readJson } from "./read-json.ts"
import { readSafetensors } from "./safetensors.ts"

export const configFile = "adapter_config.json"
export const weightsFile = "adapter_model.safetensors"

/** The base that an adapter belongs to: how it is named, and a digest of it where one is known. */
export interface AdapterBase {
  name: string
  digest?: string
}

/** Is this the folder of an adapter? */
export const isAdapterFolder = (directory: string): boolean => existsSync(join(directory, configFile))

/** What an adapter's files say of its base. */
export function readAdapterBase(directory: string): AdapterBase {
  const json = readJson(join(directory, configFile)) as { base_model_name_or_path?: unknown } | null
  const { metadata } = readSafetensors(
    join(directory, weightsFile),
    () => {},
    () => false,
  )
  const name = metadata.base ?? json?.base_model_name_or_path
  return { name: typeof name === "string" ? name : "", digest: metadata.base_digest }
}
