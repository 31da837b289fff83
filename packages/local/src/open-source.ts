/** Loads a policy into this process, as a model that conversations are generated with. */
import { contentHash, type Host, type OpenModel } from "@swirl-ts/core"
import { disposeModel } from "@swirl-ts/transformer"
import { startBackend } from "./backend-choice.ts"
import { createDecodeLoop } from "./decode-loop.ts"
import { localLanguageModel } from "./language-model.ts"
import type { LocalOptions } from "./model-options.ts"
import { checkModelSize } from "./model-size.ts"
import { loadPolicy, readPolicyConfig } from "./policy.ts"
import { type PolicySource, sourceIdentity } from "./policy-source.ts"
import { precisionOf } from "./precision.ts"

export async function openSource(
  source: PolicySource,
  modelId: string,
  options: LocalOptions,
  host: Host,
): Promise<OpenModel> {
  const backend = await startBackend(options.backend, host)
  const { directory, adapters } = source
  const config = readPolicyConfig(directory)
  const precision = await precisionOf(options.precision, { config, backend }, host)
  checkModelSize({ directory, config, backend, use: "sample", precision }, host)
  const { model, text } = loadPolicy(directory, { adapters, precision })
  const identity = await sourceIdentity(source, host)
  const loop = createDecodeLoop(model, {
    stopTokenIds: text.endOfTurnTokenIds,
    maxRows: options.maxRows,
    prefixCacheBytes: options.prefixCacheBytes,
  })
  return {
    model: localLanguageModel({ modelId, text, loop, weights: model, contextSize: model.config.maxPositions }),
    // bf16 weights are others than those of the files.
    identity: precision === "bf16" ? contentHash([identity, precision]) : identity,
    identityIsDigest: true,
    concurrency: loop.maxRows,
    close: async () => {
      loop.dispose()
      disposeModel(model)
    },
  }
}
