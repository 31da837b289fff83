/** Texts of the token ids that a policy's records have, where its tokenizer is on this machine. */
import { join } from "@swirl-ts/platform"
import { type StageContext, unloadedPolicy } from "../context.ts"
import { offline } from "./offline.ts"

/** `model`: as the records in `directory` name it. A checkpoint that was moved with its run folder is found in that. */
export async function recordedTokens(
  context: StageContext,
  directory: string,
  model: string,
): Promise<((tokenId: number) => string) | undefined> {
  for (const name of [model, ...movedWith(directory, model)]) {
    try {
      const { text } = await unloadedPolicy(offline(context), name)
      return (tokenId) => textOf(text.tokenText, tokenId)
    } catch {
      // A policy of a server has no tokenizer here, and one that was removed has none any more.
      context.abortSignal?.throwIfAborted()
    }
  }
  return undefined
}

function movedWith(directory: string, model: string): string[] {
  const checkpoint = /[\\/]train[\\/]([^\\/]+)[\\/]checkpoints[\\/](\d+)$/.exec(model)
  return checkpoint ? [`local:${join(directory, "train", checkpoint[1]!, "checkpoints", checkpoint[2]!)}`] : []
}

/** An id that the vocabulary does not have is shown as a number. */
function textOf(tokenText: (tokenId: number) => string, tokenId: number): string {
  try {
    return tokenText(tokenId)
  } catch {
    return `[${tokenId}]`
  }
}
