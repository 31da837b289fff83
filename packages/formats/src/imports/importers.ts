/** The formats that are read, by name. */
import { SwirlError, suggestion } from "@swirl-ts/core"
import { aiSdk } from "./ai-sdk.ts"
import { atif } from "./atif.ts"
import type { Importer } from "./conversation.ts"
import { inspect } from "./inspect-log.ts"
import { openaiChat } from "./openai-chat.ts"
import { verifiers } from "./verifiers.ts"

const importers: readonly Importer[] = [inspect, openaiChat, aiSdk, verifiers, atif]

export const importFormats: readonly string[] = importers.map(({ name }) => name)

export function importerNamed(name: string): Importer {
  const found = importers.find((each) => each.name === name)
  if (found) return found
  throw new SwirlError(
    `There is no format "${name}" to import.${suggestion(name, importFormats)} There is ${importFormats.join(", ")}.`,
    { kind: "usage" },
  )
}
