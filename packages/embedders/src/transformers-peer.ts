/**
 * transformers.js, an optional peer installed on demand outside the workspace. Only what is used is typed here, so that
 * the package type-checks without it.
 */
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Host, SwirlError } from "@swirl-ts/core"

export const transformersVersion = "4.3.1"

export interface Tensor {
  dims: number[]
  data: Float32Array | BigInt64Array
}

export interface TransformersModule {
  env: { allowRemoteModels: boolean; cacheDir: string; remoteHost: string }
  AutoTokenizer: {
    from_pretrained(model: string): Promise<Tokenizer>
  }
  AutoModel: {
    from_pretrained(
      model: string,
      options: { dtype: string; device: "cpu" },
    ): Promise<((inputs: Record<string, Tensor>) => Promise<Record<string, Tensor>>) & { dispose(): Promise<unknown> }>
  }
}

export type Tokenizer = (
  texts: string[],
  options: { padding: true; truncation: true; max_length?: number },
) => Record<string, Tensor>

/** `SWIRL_PEERS`, or `.swirl/peers` of the working directory; each peer is an npm prefix of its own. */
export const peerFolder = (host: Host): string =>
  join(host.environment.SWIRL_PEERS ?? join(host.workingDirectory, ".swirl", "peers"), "transformers")

export const installCommand = (folder: string): string =>
  `npm i --prefix ${/\s/.test(folder) ? JSON.stringify(folder) : folder} @huggingface/transformers@${transformersVersion} --ignore-scripts`

/** Imports the peer; the error prints the command that installs it. */
export async function importTransformers(host: Host): Promise<TransformersModule> {
  const folder = peerFolder(host)
  try {
    const require = createRequire(join(folder, "package.json"))
    const loaded = (await import(pathToFileURL(require.resolve("@huggingface/transformers")).href)) as {
      default?: TransformersModule
    } & TransformersModule
    return loaded.AutoModel ? loaded : loaded.default!
  } catch (cause) {
    throw new SwirlError(
      `transformers: embedders need transformers.js, which is not in ${folder}. Install it with: ${installCommand(folder)}`,
      { kind: "usage", cause },
    )
  }
}
