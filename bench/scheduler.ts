/**
 * What scheduling itself costs: the loop, the retries and the pool of endpoints, as they are, on a clock that is not waited
 * for. 1,000 conversations at once ask 10 simulated servers: turns of 1 to 40 s, one server half as fast, one that is gone for
 * a while, 1 % of answers 503. The same number of waits on the same clock without any of it is subtracted.
 *
 *   npm run bench -- scheduler [--workers 1000 --trajectories 20000 --endpoints 10 --json]
 */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import { type LanguageModel, random, seedFrom, type Task } from "@swirl-ts/core"
import { createEndpointPool, HttpError } from "@swirl-ts/kit"
import { rollout, tags } from "@swirl-ts/runner"
import { createVirtualClock } from "@swirl-ts/test-support"
import { benchmark, echo } from "./echo-benchmark.ts"

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "1000" },
    trajectories: { type: "string", default: "20000" },
    endpoints: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
})
const [workers, count, servers] = [values.workers, values.trajectories, values.endpoints].map(Number) as [
  number,
  number,
  number,
]
const steps = 3

/** Milliseconds that a turn takes: 1 to 40 s, most of them short. */
const duration = (seed: number): number => 1000 * 40 ** (random(seed).next() ** 2)

interface Measured {
  milliseconds: number
  megabytes: number
}

/** Processor time, and the most memory that was in use at a time over what was before. */
async function measured(work: () => Promise<unknown>): Promise<Measured> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed)
  }, 20)
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  clearInterval(watch)
  return { milliseconds: (user + system) / 1000, megabytes: (most - before) / 2 ** 20 }
}

/** As many waits, as many at once, and nothing else. */
async function bare(requests: number): Promise<Measured> {
  const clock = createVirtualClock()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < requests) await clock.sleep(duration(next++))
  }
  return measured(() => clock.run(Promise.all(Array.from({ length: workers }, worker))))
}

async function scheduled() {
  const clock = createVirtualClock()
  const names = Array.from({ length: servers }, (_, place) => `http://server-${place}:8000/v1/`)
  const pool = createEndpointPool(names, clock)
  const outage = [200_000, 500_000] as const
  const homes = new Map<string, Map<number, number>>()
  let spread = 0
  let looks = 0
  let simulated = 0
  let inVain = 0
  async function serve(endpoint: number, key: string, seed: number): Promise<void> {
    const now = clock.now()
    if (endpoint === 1 && now >= outage[0] && now < outage[1]) {
      inVain++
      throw new HttpError("could not be reached", { isRetryable: true, cause: { code: "ECONNREFUSED" } })
    }
    const draw = random(seedFrom(seed, endpoint, Math.round(now)))
    if (draw.next() < 0.01) {
      await clock.sleep(20)
      throw new HttpError("answered 503", {
        isRetryable: true,
        statusCode: 503,
        responseHeaders: { "retry-after": "1" },
      })
    }
    const milliseconds = duration(seed) * (endpoint === 0 ? 2 : 1)
    simulated += milliseconds
    await clock.sleep(milliseconds)
    if (endpoint === 1 && now < outage[0] && clock.now() >= outage[0])
      throw new HttpError("could not be reached", { isRetryable: true, cause: { code: "ECONNRESET" } })
    const home = homes.get(key) ?? new Map<number, number>()
    home.set(endpoint, (home.get(endpoint) ?? 0) + 1)
    homes.set(key, home)
  }
  const model: LanguageModel = {
    specificationVersion: "v3",
    provider: "bench",
    modelId: "bench",
    async doGenerate({ prompt, seed = 0, providerOptions, abortSignal }) {
      const key = String(providerOptions?.swirl?.prefixKey)
      await pool.ask((endpoint) => serve(endpoint, key, seed), { prefixKey: key, abortSignal })
      const turns = prompt.filter(({ role }) => role === "assistant").length
      const text = turns < steps - 1 ? "next <echo>a</echo>" : "so <answer>a</answer>"
      return { content: [{ type: "text", text }], finishReason: "stop", usage: { inputTokens: 100, outputTokens: 10 } }
    },
  }
  const tasks = Array.from(
    { length: count },
    (_, index): Task => ({ id: `test/${index}`, question: `question ${index}` }),
  )
  let answered = 0
  const used = await measured(async () => {
    const result = await clock.run(
      rollout({
        benchmark: { value: benchmark, fullName: "bench/scheduler", split: "test" },
        model,
        tools: { echo },
        format: tags,
        seed: 0,
        policy: "bench",
        tasks,
        concurrency: workers,
        retry: { sleep: clock.sleep },
        onProgress: ({ done }) => {
          if (done % 100 !== 0 || clock.now() < 60_000 || done > count - 2 * workers) return
          const there = pool.counts().filter(({ isLeftOut }) => !isLeftOut)
          const inFlight = there.map((each) => each.inFlight)
          spread += Math.max(...inFlight) / (inFlight.reduce((a, b) => a + b, 0) / inFlight.length)
          looks++
        },
      }),
    )
    answered = result.answered
  })
  const counts = pool.counts()
  const sum = (of: "requests" | "failures"): number => counts.reduce((total, each) => total + each[of], 0)
  const faithful = [...homes.values()].map((home) => Math.max(...home.values()) / steps)
  return {
    used,
    answered,
    requests: sum("requests"),
    failures: sum("failures"),
    inVain,
    hours: clock.now() / 3_600_000,
    busy: simulated / (clock.now() * workers),
    fullest: spread / looks,
    atHome: faithful.reduce((a, b) => a + b, 0) / faithful.length,
  }
}

await bare(2000)
const result = await scheduled()
const clock = await bare(result.requests)
const per = (milliseconds: number): number => (1000 * milliseconds) / result.requests
const document = {
  date: new Date().toISOString(),
  machine: `${cpus().length} x ${cpus()[0]?.model.trim() || "processor"}, Node ${process.versions.node}`,
  workers,
  endpoints: servers,
  trajectories: count,
  answered: result.answered,
  requests: result.requests,
  simulatedHours: result.hours,
  microsecondsPerRequest: per(result.used.milliseconds - clock.milliseconds),
  microsecondsOfClock: per(clock.milliseconds),
  kilobytesPerWorker: (1024 * result.used.megabytes) / workers,
  megabytes: result.used.megabytes,
  busyShare: result.busy,
  fullestOverMean: result.fullest,
  sameServerShare: result.atHome,
  failedShare: result.failures / result.requests,
  requestsToTheServerThatWasGone: result.inVain,
}
if (values.json) console.log(JSON.stringify(document, null, 2))
else {
  const lines: [string, string][] = [
    ["trajectories answered", `${document.answered} of ${count}`],
    [
      "requests",
      `${document.requests} at ${workers} at once over ${servers} servers, ${document.simulatedHours.toFixed(2)} simulated hours`,
    ],
    [
      "own processor time a request",
      `${document.microsecondsPerRequest.toFixed(0)} µs (the simulation's clock, subtracted: ${document.microsecondsOfClock.toFixed(0)} µs)`,
    ],
    [
      "memory",
      `${document.megabytes.toFixed(0)} MB in use at most over the beginning, what is not yet collected included: ${document.kilobytesPerWorker.toFixed(0)} kB a conversation under way`,
    ],
    ["places in use", `${(100 * document.busyShare).toFixed(1)} % of ${workers}, beginning and end included`],
    ["fullest server", `${document.fullestOverMean.toFixed(2)} x the mean in flight`],
    ["turns of a question at one server", `${(100 * document.sameServerShare).toFixed(1)} %`],
    [
      "requests that failed",
      `${(100 * document.failedShare).toFixed(2)} % (1 % of answers are 503); ${document.requestsToTheServerThatWasGone} of them at the server that was gone for 300 s`,
    ],
  ]
  console.log(`${document.date}  ${document.machine}`)
  for (const [what, said] of lines) console.log(`${what.padEnd(36)}${said}`)
}
