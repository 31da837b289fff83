/**
 * Requests to a server that takes so many a second: how much of that is used, and how many requests it refuses, which are
 * sent again. The server is a process of its own on loopback. Beside it, in the same run, the same requests with retries
 * alone, as most clients have them: a fixed number at once, each waiting by itself. Then the same number of requests of one
 * process and of several to a server that takes so many at once: the processes share what they learn, or each is alone.
 *
 *   npm run bench -- requests [--rate 50 --burst 50 --latency 100 --at-once 16 --processes 4 --requests 2000 --workers 64 --json]
 */
import { type ChildProcess, fork, spawn } from "node:child_process"
import { once } from "node:events"
import { cpus } from "node:os"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { createOpenaiClient, createPoolOwner, type OpenaiClient, openaiEndpoints } from "@swirl-ts/kit"
import type { Asked, Said } from "./requests-child.ts"
import { askAll, type Taken } from "./requests-load.ts"

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "50" },
    burst: { type: "string", default: "50" },
    latency: { type: "string", default: "100" },
    "at-once": { type: "string", default: "16" },
    processes: { type: "string", default: "4" },
    requests: { type: "string", default: "2000" },
    workers: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
})
const { rate, burst, latency, requests, workers, atOnce, processes } = {
  rate: Number(values.rate),
  burst: Number(values.burst),
  latency: Number(values.latency),
  requests: Number(values.requests),
  workers: Number(values.workers),
  atOnce: Number(values["at-once"]),
  processes: Number(values.processes),
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

const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]

interface Setting {
  /** Milliseconds an answer takes. */
  latency: number
  saysWhen: boolean
  /** Requests that it takes at once; undefined: so many a second. */
  atOnce?: number
}
/** Makes all requests to the server at this address. */
type Ask = (baseUrl: string) => Promise<Taken>

async function measure(name: string, { latency, saysWhen, atOnce }: Setting, ask: Ask): Promise<Measured> {
  const path = fileURLToPath(new URL("requests-server.ts", import.meta.url))
  const given = [path, rate, burst, latency, saysWhen ? 1 : 0, atOnce ?? 0].map(String)
  const server = spawn(process.execPath, [...flags, ...given], { stdio: ["ignore", "pipe", "inherit", "ipc"] })
  try {
    const [line] = (await once(createInterface(server.stdout!), "line")) as [string]
    const origin = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`
    const start = performance.now()
    const { failed, processorMicroseconds } = await ask(`${origin}/v1`)
    const seconds = (performance.now() - start) / 1000
    const counts = (await (await fetch(`${origin}/counts`)).json()) as Record<"taken" | "refused" | "early", number>
    const { taken, refused, early } = counts
    const possible = atOnce ? (atOnce * 1000 * seconds) / latency : burst + rate * (seconds - latency / 1000)
    return {
      name,
      seconds,
      used: taken / possible,
      sent: taken + refused,
      refused,
      wasted: refused / (taken + refused),
      early,
      failed,
      processorMicroseconds: processorMicroseconds / requests,
    }
  } finally {
    server.disconnect()
  }
}

/** In this process: with the limits of its server, or with retries alone. */
const here =
  (limits: "both" | "retries"): Ask =>
  async (baseUrl) => {
    const client: OpenaiClient =
      limits === "both"
        ? openaiEndpoints([{ baseUrl }]).client("/chat/completions", 60_000)
        : createOpenaiClient({ baseUrl }, "/chat/completions", 60_000)
    return askAll(client, { requests, workers })
  }

/** In so many processes, each with its part; what this process, their owner of pools, does for it counts. They are up before the time is taken. */
async function inProcesses(count: number, isShared: boolean, asks: (ask: Ask) => Promise<Measured>): Promise<Measured> {
  const owner = createPoolOwner()
  const children = Array.from({ length: count }, () =>
    fork(fileURLToPath(new URL("requests-child.ts", import.meta.url)), { execArgv: flags }),
  )
  const run = async (child: ChildProcess, baseUrl: string) => {
    const member = owner.admit((fromServers) => void child.send({ fromServers }))
    const { promise, resolve } = Promise.withResolvers<Taken>()
    child.on("message", (said: Said) => {
      if (said === "ready") return
      if ("toServers" in said) member.hear(said.toServers)
      else resolve(said)
    })
    const part = { requests: Math.ceil(requests / count), workers: Math.ceil(workers / count) }
    child.send({ baseUrl, ...part, isShared } satisfies Asked)
    return promise
  }
  try {
    await Promise.all(children.map((child) => once(child, "message")))
    return await asks(async (baseUrl) => {
      const processor = process.cpuUsage()
      const parts = await Promise.all(children.map((child) => run(child, baseUrl)))
      const { user, system } = process.cpuUsage(processor)
      return {
        failed: parts.reduce((total, part) => total + part.failed, 0),
        processorMicroseconds: parts.reduce((total, part) => total + part.processorMicroseconds, user + system),
      }
    })
  } finally {
    for (const child of children) child.disconnect()
  }
}

const aSecond = { latency, saysWhen: false }
const measured = [
  await measure("window and pace, Retry-After", { latency, saysWhen: true }, here("both")),
  await measure("window and pace, no Retry-After", aSecond, here("both")),
  await measure("retries alone, Retry-After", { latency, saysWhen: true }, here("retries")),
  await measure("retries alone, no Retry-After", aSecond, here("retries")),
]
/** Its answers take as long as makes the same number of requests take as long. */
const few = { latency: (atOnce * 1000) / rate, saysWhen: false, atOnce }
const some = `${processes} processes`
const byProcesses = [
  await inProcesses(1, false, (ask) => measure("at once, 1 process", few, ask)),
  await inProcesses(1, true, (ask) => measure("at once, 1 process that is told when", few, ask)),
  await inProcesses(processes, true, (ask) => measure(`at once, ${some} that share`, few, ask)),
  await inProcesses(processes, false, (ask) => measure(`at once, ${some}, each alone`, few, ask)),
  await inProcesses(processes, true, (ask) => measure(`a second, ${some} that share`, aSecond, ask)),
  await inProcesses(processes, false, (ask) => measure(`a second, ${some}, each alone`, aSecond, ask)),
]
const own = [...measured.slice(0, 2), ...byProcesses.filter(({ name }) => !name.endsWith("each alone"))]
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
  atOnce,
  processes,
  goals: { used: leastUsed, wasted: mostWasted, early: 0, failed: 0 },
  isMet,
  measured: [...measured, ...byProcesses],
}
if (values.json) console.log(JSON.stringify(document, null, 2))
else {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  console.log(`${document.date}  ${document.machine}`)
  console.log(
    `${requests} requests, ${workers} workers, a server that takes ${rate}/s (burst ${burst}) and answers in ${latency} ms, or ${atOnce} at once and answers in ${few.latency} ms`,
  )
  for (const { name, seconds, used, sent, refused, wasted, early, failed, processorMicroseconds } of document.measured)
    console.log(
      `${name.padEnd(38)}${seconds.toFixed(1)} s, ${percent(used)} of what it takes, ${refused} of ${sent} refused (${percent(wasted)}), ${early} before Retry-After was over, ${failed} given up, ${processorMicroseconds.toFixed(0)} µs of processor a request`,
    )
  console.log(
    `goals for window and pace, and for what is shared: at least ${percent(leastUsed)} used, at most ${percent(mostWasted)} refused, none early, none given up: ${isMet ? "met" : "NOT met"}`,
  )
}
process.exit(isMet ? 0 : 1)
