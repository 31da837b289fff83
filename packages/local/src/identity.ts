/** The identity of a checkpoint: one digest over everything that decides what it says. */
import { readdir } from "node:fs/promises"
import type { Host } from "@swirl-ts/core"
import { cachedFileDigest, filesDigest } from "@swirl-ts/kit"
import { isGgufFile } from "@swirl-ts/transformer"

const decides =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model.*\.safetensors)$/

/** SHA-256 over names and contents of weights, config and tokenizer files; that of the file itself where one holds all. */
export async function checkpointIdentity(path: string, host: Host): Promise<string> {
  if (isGgufFile(path)) return cachedFileDigest(path, host.cacheDirectory)
  return filesDigest(path, (await readdir(path)).filter((name) => decides.test(name)).sort())
}
