/** The identity of a checkpoint: one digest over everything that decides what it says. */
import { contentHash, type Host } from "@swirl-ts/core"
import { cachedFileDigest, filesDigest } from "@swirl-ts/kit"
import { join, readdir, stat } from "@swirl-ts/platform"
import { isGgufFile } from "@swirl-ts/transformer/files"

const decides =
  /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|chat_template\.jinja|model.*\.safetensors)$/

/** Of this process, by folder and the state of its files: an adapter's base is asked for several times. */
const known = new Map<string, Promise<string>>()

/** SHA-256 over names and contents of weights, config and tokenizer files; that of the file itself where one holds all. */
export async function checkpointIdentity(path: string, host: Host): Promise<string> {
  if (isGgufFile(path)) return cachedFileDigest(path, host.cacheDirectory)
  const names = (await readdir(path)).filter((name) => decides.test(name)).sort()
  const states = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs, ctimeMs, ino } = await stat(join(path, name))
      return [name, size, mtimeMs, ctimeMs, ino]
    }),
  )
  const key = contentHash([path, states])
  const digest = known.get(key) ?? filesDigest(path, names)
  known.set(key, digest)
  digest.catch(() => known.delete(key))
  return digest
}
