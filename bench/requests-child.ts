/** A process of its own that asks a server: alone, or as the one that it is a child of decides. Told once what to ask; says when it is done. */
import {
  type FromPoolOwner,
  joinPoolOwner,
  mapInParallel,
  openaiEndpoints,
  type ToPoolOwner,
  withRetry,
} from "@swirl-ts/kit"

export interface Asked {
  baseUrl: string
  requests: number
  workers: number
  isShared: boolean
}
export type Said = "ready" | { toServers: ToPoolOwner } | { failed: number; processorMicroseconds: number }

let hear: ((message: FromPoolOwner) => void) | undefined
const say = (said: Said): void => void process.send!(said)

process.on("message", async (message: Asked | { fromServers: FromPoolOwner }) => {
  if ("fromServers" in message) return hear!(message.fromServers)
  const { baseUrl, requests, workers, isShared } = message
  if (isShared) hear = joinPoolOwner((toServers) => say({ toServers }))
  const client = openaiEndpoints([{ baseUrl }]).client("/chat/completions", 60_000)
  let failed = 0
  const processor = process.cpuUsage()
  await mapInParallel(Array.from({ length: requests }), workers, async () => {
    const ask = () => client.post({ model: "m", messages: [{ role: "user", content: "what is 3 + 4 ?" }] })
    await withRetry(ask, Math.floor(2 ** 31 * Math.random())).catch(() => failed++)
  })
  const { user, system } = process.cpuUsage(processor)
  say({ failed, processorMicroseconds: user + system })
})
process.on("disconnect", () => process.exit())
say("ready")
