/** Where sampled ids have come to a stop in their text. */
import { cutAtStop } from "./conversation.ts"
import type { TextCodec } from "./text-codec.ts"

/** Tokens at the end that are decoded after each one: no stop is longer. */
const tail = 32

/** Whether sampled ids have come to a stop; undefined where there is none to come to. */
export function endsAt(
  codec: TextCodec,
  stops: readonly (string | RegExp)[],
): ((tokenIds: readonly number[]) => boolean) | undefined {
  if (stops.length === 0) return undefined
  return (tokenIds) => cutAtStop(codec.decode(tokenIds.slice(-tail)), stops) !== undefined
}
