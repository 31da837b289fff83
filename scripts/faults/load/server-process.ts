/** The fault server as whoever started it sees it. It ends with its parent. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { sourceFlags } from "@swirl-ts/test-support"
import type { ServerAsked, ServerSettings, ServerTold } from "./fault-server.ts"
import type { LedgerSummary } from "./ledger.ts"

export interface FaultServer {
  port: number
  /** Resolves when so many more requests have come; asked again, it counts anew. */
  requests(count: number): Promise<void>
  ledgers(): Promise<{ calm: LedgerSummary; faulty: LedgerSummary }>
  close(): void
}

type Kind = ServerTold["kind"]
type Told<K extends Kind> = Extract<ServerTold, { kind: K }>

export async function startFaultServer(settings: ServerSettings): Promise<FaultServer> {
  const script = fileURLToPath(new URL("fault-server.ts", import.meta.url))
  const child = spawn(process.execPath, [...sourceFlags, script], { stdio: ["ignore", "inherit", "inherit", "ipc"] })
  const waiting = new Map<Kind, PromiseWithResolvers<ServerTold>>()
  child.on("message", (message: ServerTold) => {
    waiting.get(message.kind)?.resolve(message)
    waiting.delete(message.kind)
  })
  child.on("exit", (code) => {
    for (const each of waiting.values()) each.reject(new Error(`the fault server ended (${code})`))
  })
  async function ask<K extends Kind>(message: ServerAsked, kind: K): Promise<Told<K>> {
    const answer = waiting.get(kind) ?? Promise.withResolvers<ServerTold>()
    // Not every answer is waited for to its end.
    answer.promise.catch(() => {})
    waiting.set(kind, answer)
    child.send(message)
    return (await answer.promise) as Told<K>
  }
  const { port } = await ask({ kind: "start", settings }, "listening")
  return {
    port,
    requests: async (count) => void (await ask({ kind: "arm", requests: count }, "reached")),
    ledgers: () => ask({ kind: "ledgers" }, "ledgers"),
    close: () => child.disconnect(),
  }
}
