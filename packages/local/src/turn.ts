/** One model turn: it ends by itself, at its token limit, or where one of the stops shows up in the decoded text. */
import { cutAtStop, endsAt, type TextCodec, type TokenRequest, type TokenTurn } from "@swirl-ts/core"
import type { DecodeLoop } from "./decode-loop.ts"

export type Stops = readonly (string | RegExp)[]

export async function generateTurn(
  loop: DecodeLoop,
  codec: TextCodec,
  request: TokenRequest,
  stops: Stops,
): Promise<TokenTurn> {
  const { stopSequences: _, ...settings } = request
  if (request.maxTokens < 1) return { text: "", tokenIds: [], logProbabilities: [], finishReason: "length" }
  const generated = await loop.generate({ ...settings, isEnd: endsAt(codec, stops) })
  const text = codec.decode(generated.tokenIds)
  return { text: cutAtStop(text, stops) ?? text, ...generated }
}
