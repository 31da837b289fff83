/** The identity of a checkpoint: one digest over everything that decides what it says. */
import { readdir } from "node:fs/promises"
import { filesDigest } from "@swirl-ts/kit"

const decides =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model.*\.safetensors)$/

/** SHA-256 over names and contents of weights, config and tokenizer files. */
export async function directoryIdentity(directory: string): Promise<string> {
  return filesDigest(directory, (await readdir(directory)).filter((name) => decides.test(name)).sort())
}
