/** The identity of a checkpoint: one digest over everything that decides what it says. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"

const decides =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model.*\.safetensors)$/

/** SHA-256 over names and contents of weights, config and tokenizer files. */
export async function directoryIdentity(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => decides.test(name)).sort()
  const whole = createHash("sha256")
  for (const name of names) {
    const hash = createHash("sha256")
    await pipeline(createReadStream(join(directory, name)), hash)
    whole.update(`${name} ${hash.digest("hex")}\n`)
  }
  return whole.digest("hex")
}
