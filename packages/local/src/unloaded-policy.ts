/** A policy on disk without its weights: tokenizer, chat template and shape, for an engine that computes elsewhere. */
import { errorMessage, type Host, SwirlError, type UnloadedPolicy } from "@swirl-ts/core"
import { loadTokenizer } from "@swirl-ts/transformer"
import { policyText, readPolicyConfig } from "./policy.ts"
import { policySource, sourceIdentity } from "./policy-source.ts"

export async function unloadedPolicy(policy: string, host: Host): Promise<UnloadedPolicy> {
  const source = await policySource(policy, host)
  const { endTokenIds, maxPositions, vocabularySize } = readPolicyConfig(source.directory)
  return {
    text: policyText(tokenizerOf(source.directory), endTokenIds),
    name: source.name,
    directory: source.directory,
    identity: await sourceIdentity(source, host),
    isAdapted: source.adapters.length > 0,
    contextSize: maxPositions,
    vocabularySize,
  }
}

function tokenizerOf(directory: string) {
  try {
    return loadTokenizer(directory)
  } catch (cause) {
    throw new SwirlError(errorMessage(cause), { cause })
  }
}
