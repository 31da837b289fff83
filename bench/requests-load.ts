/** The load of the benchmark on requests: the same question many times, so many workers at once, each waiting by itself. */
import { mapInParallel, type OpenaiClient, withRetry } from "@swirl-ts/kit"

export interface Load {
  requests: number
  workers: number
}
export interface Taken {
  failed: number
  processorMicroseconds: number
}

export async function askAll(client: OpenaiClient, { requests, workers }: Load): Promise<Taken> {
  let failed = 0
  const processor = process.cpuUsage()
  await mapInParallel(Array.from({ length: requests }), workers, async () => {
    const ask = () => client.post({ model: "m", messages: [{ role: "user", content: "what is 3 + 4 ?" }] })
    await withRetry(ask, Math.floor(2 ** 31 * Math.random())).catch(() => failed++)
  })
  const { user, system } = process.cpuUsage(processor)
  return { failed, processorMicroseconds: user + system }
}
