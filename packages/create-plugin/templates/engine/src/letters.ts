/** Text as token ids: one a printable ASCII character, one for the end of a turn. Other characters are written as `?`. */
import { plainConversation, type TextCodec } from "@swirl-ts/core"

const letters = `\n${Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("")}`

export const endOfTurn = letters.length
export const vocabularySize = letters.length + 1

const codec: TextCodec = {
  encode: (text) => Array.from(text, (letter) => letters.indexOf(letters.includes(letter) ? letter : "?")),
  decode: (tokenIds) => tokenIds.map((id) => letters[id] ?? "").join(""),
  isEndOfTurn: (id) => id === endOfTurn,
}

export const decode = codec.decode

/** `User: …`, `Assistant: …`, one after another. */
export const conversation = plainConversation(codec)
