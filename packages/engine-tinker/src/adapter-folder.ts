/**
 * The adapter that came home: the server's archive as a folder that `local:` and peft open. Invariant: it names the base by the
 * policy that the training began with, and carries that one's digest, so it is put on no other; the config is written last.
 */
import { mkdir, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { gunzipSync } from "node:zlib"
import { SwirlError } from "@swirl-ts/core"
import { parseJson, writeFileAtomic } from "@swirl-ts/kit"
import { parseTar } from "nanotar"

const configFile = "adapter_config.json"
const weightsFile = "adapter_model.safetensors"

export interface HomeBase {
  /** A model string. */
  name: string
  digest: string
}

/** `archive`: tar, gzipped or not. */
export async function writeAdapterFolder(directory: string, archive: Uint8Array, base: HomeBase): Promise<void> {
  const files = new Map(filesOf(archive).map(({ name, data }) => [basename(name), data]))
  const [config, weights] = [files.get(configFile), files.get(weightsFile)]
  const json = config && parseJson(Buffer.from(config).toString("utf8"))
  if (!weights || typeof json !== "object" || json === null)
    throw new SwirlError(
      `The server's archive holds no adapter of peft: ${[...files.keys()].join(", ") || "nothing"} in place of ${configFile} and ${weightsFile}.`,
    )
  const { bytes, names } = withBase(weights, base)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, weightsFile), bytes)
  const written = {
    ...json,
    task_type: "CAUSAL_LM",
    base_model_name_or_path: base.name.replace(/^local:/, ""),
    target_modules: targetsOf(names),
    inference_mode: true,
  }
  await writeFileAtomic(join(directory, configFile), `${JSON.stringify(written, null, 2)}\n`)
}

function filesOf(archive: Uint8Array): { name: string; data: Uint8Array }[] {
  try {
    const bytes = archive[0] === 0x1f && archive[1] === 0x8b ? gunzipSync(archive) : archive
    // It reads the whole buffer that lies below, which is shared where bytes are few.
    const isShared = bytes.byteLength !== bytes.buffer.byteLength
    return parseTar(isShared ? new Uint8Array(bytes) : bytes).flatMap(({ name, data }) =>
      data ? [{ name, data }] : [],
    )
  } catch (cause) {
    throw new SwirlError("The server's archive of the adapter cannot be unpacked: it was cut on the way.", { cause })
  }
}

/** The same tensors under a header that names the base: their places are counted from its end, so they stay. */
function withBase(weights: Uint8Array, { name, digest }: HomeBase): { bytes: Uint8Array; names: string[] } {
  const view = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength)
  const length = view.length < 8 ? Number.NaN : Number(view.readBigUInt64LE(0))
  const header = parseJson(view.subarray(8, 8 + length).toString("utf8"))
  if (typeof header !== "object" || header === null)
    throw new SwirlError(`The server's ${weightsFile} has no header that can be read.`)
  const { __metadata__: metadata, ...tensors } = header as Record<string, object>
  const own = JSON.stringify({
    __metadata__: { ...metadata, format: "pt", base: name, base_digest: digest },
    ...tensors,
  })
  const text = Buffer.from(
    own.padEnd(Math.ceil(Buffer.byteLength(own) / 8) * 8 - (Buffer.byteLength(own) - own.length)),
  )
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  return { bytes: Buffer.concat([size, text, view.subarray(8 + length)]), names: Object.keys(tensors) }
}

/** `q_proj`, `up_proj` and so on, of the tensors' names. */
const targetsOf = (names: readonly string[]): string[] =>
  [...new Set(names.flatMap((name) => /\.(\w+)\.lora_[AB]\.weight$/.exec(name)?.[1] ?? []))].sort()
