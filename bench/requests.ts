/**
 * Requests to a server that takes so many a second: how much of that is used, and how many requests it refuses, which are
 * sent again. The server is a process of its own on loopback. Beside it, in the same run, the same requests with retries
 * alone, as most clients have them: a fixed number at once, each waiting by itself.
 *
 *   npm run bench -- requests [--rate 50 --burst 50 --latency 100 --requests 2000 --workers 64 --json]
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpus } from "node:os"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { createOpenaiClient, mapInParallel, type OpenaiClient, openaiEndpoints, withRetry } from "@swirl-ts/kit"

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "50" },
    burst: { type: "string", default: "50" },
    latency: { type: "string", default: "100" },
    requests: { type: "string", default: "2000" },
    workers: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
})
const { rate, burst, latency, requests, workers } = {
  rate: Number(values.rate),
  burst: Number(values.burst),
  latency: Number(values.latency),
  requests: Number(values.requests),
  workers: Number(values.workers),
}

/** Goals: of what the server takes, and of what is sent. */
const [leastUsed, mostWasted] = [0.9, 0.03]

interface Measured {
  name: string
  seconds: number
  /** Of what the server would have taken in that time, its burst included. */
  used: number
  sent: number
  refused: number
  wasted: number
  /** Sent to the server before its Retry-After was over, 250 ms after it was said aside. */
  early: number
  failed: number
  processorMicroseconds: number
}

type Limits = "both" | "retries"

async function measure(name: string, saysWhen: boolean, limits: Limits): Promise<Measured> {
  const path = fileURLToPath(new URL("requests-server.ts", import.meta.url))
  const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
  const server = spawn(process.execPath, [...flags, path, rate, burst, latency, saysWhen ? 1 : 0].map(String), {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  })
  try {
    const [line] = (await once(createInterface(server.stdout!), "line")) as [string]
    const origin = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`
    const client: OpenaiClient =
      limits === "both"
        ? openaiEndpoints([{ baseUrl: `${origin}/v1` }]).client("/chat/completions", 60_000)
        : createOpenaiClient({ baseUrl: `${origin}/v1` }, "/chat/completions", 60_000)
    let failed = 0
    const processor = process.cpuUsage()
    const start = performance.now()
    await mapInParallel(Array.from({ length: requests }), workers, async () => {
      const ask = () => client.post({ model: "m", messages: [{ role: "user", content: "what is 3 + 4 ?" }] })
      await withRetry(ask, Math.floor(2 ** 31 * Math.random())).catch(() => failed++)
    })
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(processor)
    const counts = (await (await fetch(`${origin}/counts`)).json()) as Record<"taken" | "refused" | "early", number>
    const { taken, refused, early } = counts
    return {
      name,
      seconds,
      used: taken / (burst + rate * (seconds - latency / 1000)),
      sent: taken + refused,
      refused,
      wasted: refused / (taken + refused),
      early,
      failed,
      processorMicroseconds: (user + system) / requests,
    }
  } finally {
    server.disconnect()
  }
}

const measured = [
  await measure("window and pace, Retry-After", true, "both"),
  await measure("window and pace, no Retry-After", false, "both"),
  await measure("retries alone, Retry-After", true, "retries"),
  await measure("retries alone, no Retry-After", false, "retries"),
]
const own = measured.slice(0, 2)
const isMet = own.every(
  ({ used, wasted, early, failed }) => used >= leastUsed && wasted <= mostWasted && early + failed === 0,
)
const document = {
  date: new Date().toISOString(),
  machine: `${cpus().length} x ${cpus()[0]?.model.trim() || "processor"}, Node ${process.versions.node}`,
  rate,
  burst,
  latency,
  requests,
  workers,
  goals: { used: leastUsed, wasted: mostWasted, early: 0, failed: 0 },
  isMet,
  measured,
}
if (values.json) console.log(JSON.stringify(document, null, 2))
else {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  console.log(`${document.date}  ${document.machine}`)
  console.log(
    `${requests} requests, ${workers} workers, a server that takes ${rate}/s (burst ${burst}) and answers in ${latency} ms`,
  )
  for (const { name, seconds, used, sent, refused, wasted, early, failed, processorMicroseconds } of measured)
    console.log(
      `${name.padEnd(34)}${seconds.toFixed(1)} s, ${percent(used)} of what it takes, ${refused} of ${sent} refused (${percent(wasted)}), ${early} before Retry-After was over, ${failed} given up, ${processorMicroseconds.toFixed(0)} µs of processor a request`,
    )
  console.log(
    `goals for window and pace: at least ${percent(leastUsed)} used, at most ${percent(mostWasted)} refused, none early, none given up: ${isMet ? "met" : "NOT met"}`,
  )
}
process.exit(isMet ? 0 : 1)
