/**
 * transformers.js, an optional peer installed on demand outside the workspace. Only what is used is typed here, so that
 * the package type-checks without it.
 */
import type { Host } from "@swirl-ts/core"
import { importPeer, type Peer } from "@swirl-ts/kit"

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

type Tokenizer = (
  texts: string[],
  options: { padding: true; truncation: true; max_length?: number },
) => Record<string, Tensor>

const peer: Peer = {
  folder: "transformers",
  module: "@huggingface/transformers",
  install: "@huggingface/transformers@4.3.1 --ignore-scripts",
  need: "transformers: embedders need transformers.js",
}

export const importTransformers = (host: Host): Promise<TransformersModule> => importPeer(peer, host)
