/**
 * One model turn. Without stop strings it is one call; with them it is generated piece by piece until one shows up in
 * the decoded text. The draw at a position depends on seed and position alone, so pieces give the same ids as one call.
 */
import { cutAtStop, type TextCodec, type TokenRequest, type TokenTurn } from "@swirl-ts/core"
import type { DecodeLoop } from "./decode-loop.ts"

/** Tokens between two looks at the text; what comes after a stop is thrown away. */
const piece = 8

export async function generateTurn(
  loop: DecodeLoop,
  codec: TextCodec,
  request: TokenRequest,
  stops: readonly (string | RegExp)[],
): Promise<TokenTurn> {
  const { promptTokenIds, stopSequences: _, ...settings } = request
  const tokenIds: number[] = []
  const logProbabilities: number[] = []
  const turn = (finishReason: "stop" | "length", text = codec.decode(tokenIds)): TokenTurn => ({
    text,
    tokenIds,
    logProbabilities,
    finishReason,
  })
  while (tokenIds.length < request.maxTokens) {
    const left = request.maxTokens - tokenIds.length
    const generation = await loop.generate({
      ...settings,
      promptTokenIds: [...promptTokenIds, ...tokenIds],
      maxTokens: stops.length > 0 ? Math.min(piece, left) : left,
    })
    const before = tokenIds.length
    tokenIds.push(...generation.tokenIds)
    logProbabilities.push(...generation.logProbabilities)
    if (stops.length > 0 && cutAtStop(codec.decode(tokenIds), stops) !== undefined) {
      for (let count = before + 1; ; count++) {
        const text = cutAtStop(codec.decode(tokenIds.slice(0, count)), stops)
        if (text === undefined) continue
        tokenIds.length = count
        logProbabilities.length = count
        return turn("stop", text)
      }
    }
    if (generation.finishReason === "stop") return turn("stop")
  }
  return turn("length")
}
