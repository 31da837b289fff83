/** A process of its own that asks a server: alone, or as the one that it is a child of decides. Told once what to ask; says when it is done. */
import { type FromPoolOwner, joinPoolOwner, openaiEndpoints, type ToPoolOwner } from "@swirl-ts/kit"
import { askAll, type Load, type Taken } from "./requests-load.ts"

export interface Asked extends Load {
  baseUrl: string
  isShared: boolean
}
export type Said = "ready" | { toServers: ToPoolOwner } | Taken

let hear: ((message: FromPoolOwner) => void) | undefined
const say = (said: Said): void => void process.send!(said)

process.on("message", async (message: Asked | { fromServers: FromPoolOwner }) => {
  if ("fromServers" in message) return hear!(message.fromServers)
  const { baseUrl, isShared, ...load } = message
  if (isShared) hear = joinPoolOwner((toServers) => say({ toServers }))
  say(await askAll(openaiEndpoints([{ baseUrl }]).client("/chat/completions", 60_000), load))
})
process.on("disconnect", () => process.exit())
say("ready")
