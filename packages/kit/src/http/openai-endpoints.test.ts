/** Real servers on loopback that take turns. */
import { createServer } from "node:http"
import { answerWith, apiServer, serve } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { openaiEndpoints } from "./openai-endpoints.ts"
import { openaiServers } from "./openai-server.ts"

const quick = { firstRest: 50, longestRest: 100, patience: 400 }

test("each server is asked with its own user and password, and no message or count holds one", async () => {
  const [a, b] = [await apiServer(answerWith(200, {})), await apiServer(answerWith(500, "ann:word1 is unknown"))]
  const given = `${a.baseUrl.replace("://", "://bob:word2@")}, ${b.baseUrl.replace("://", "://ann:word1@")}/`
  const endpoints = openaiEndpoints(openaiServers(given, { SWIRL_API_KEY: "sk-1" }), {
    firstRest: 1500,
    patience: 1500,
    firstPatience: 1500,
  })
  const client = endpoints.client("/things", 5000)
  for (let call = 0; call < 9; call++) await client.post({ call })
  expect(new Set(a.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${btoa("bob:word2")}`]))
  expect(b.requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Basic ${btoa("ann:word1")}`))
  const counts = endpoints.counts()
  expect(counts).toMatchObject([
    { name: `${a.baseUrl}`, requests: 9, failures: 0, isLeftOut: false },
    { name: `${b.baseUrl}`, requests: 3, failures: 3, isLeftOut: true },
  ])
  await a.close()
  const error = await client.post({}).catch((thrown: unknown) => thrown)
  expect(JSON.stringify([counts, String(error)])).not.toMatch(/word1|word2|sk-1/)
  await b.close()
  const last = await untilSilent(() => client.post({}))
  expect(last).toMatch(
    /^None of 2 servers has answered for 2 s\. .*127\.0\.0\.1.*ECONNREFUSED.* run the command again/s,
  )
  expect(last).not.toMatch(/word1|word2|sk-1/)
})

/** What a call ends with once nobody answers any more. */
async function untilSilent(call: () => Promise<unknown>): Promise<string> {
  for (;;) {
    const error = (await call().catch((thrown: unknown) => thrown)) as Error
    if (error.message.startsWith("None of")) return error.message
  }
}

test("one alone that nobody listens at is asked a few times, whoever waits for it, and said in one sentence", async () => {
  const endpoints = openaiEndpoints(openaiServers("http://127.0.0.1:1/v1", {}), { ...quick, firstPatience: 400 })
  const client = endpoints.client("/things", 5000)
  const errors = await Promise.all(
    Array.from({ length: 50 }, () => client.post({}).catch((thrown: Error) => thrown.message)),
  )
  expect(new Set(errors).size).toBe(1)
  expect(errors[0]).toMatch(
    /^The server has not answered .*could not be reached.*Is the server running.* run the command again/,
  )
  expect(endpoints.counts()[0]!.requests).toBeLessThan(12)
})

test("a server that is gone is left out, and asked again when it is back", async () => {
  const a = await apiServer(answerWith(200, { from: "a" }))
  const b = createServer((_request, response) => response.end('{"from":"b"}'))
  await new Promise<void>((resolve) => b.listen(0, "127.0.0.1", resolve))
  const { port } = b.address() as { port: number }
  const servers = openaiServers(`${a.baseUrl},http://127.0.0.1:${port}/v1`, {})
  const endpoints = openaiEndpoints(servers, quick)
  const client = endpoints.client("/things", 5000)
  const ask = async () => ((await client.post({})).value as { from: string }).from
  expect(new Set([await ask(), await ask()])).toEqual(new Set(["a", "b"]))
  await new Promise((resolve) => {
    b.close(resolve)
    b.closeAllConnections()
  })
  const meanwhile = await Promise.all(Array.from({ length: 20 }, ask))
  expect(new Set(meanwhile)).toEqual(new Set(["a"]))
  expect(endpoints.counts()[1]).toMatchObject({ isLeftOut: true })
  const back = createServer((_request, response) => response.end('{"from":"b"}')).unref()
  await new Promise<void>((resolve) => back.listen(port, "127.0.0.1", resolve))
  while ((await ask()) !== "b") await new Promise((resolve) => setTimeout(resolve, 10))
  expect(endpoints.counts()[1]).toMatchObject({ isLeftOut: false })
  await a.close()
  back.close()
})

test("one that answers at once with what was not asked for does not draw all calls to itself", async () => {
  const slow = await serve((_request, response) => void setTimeout(() => response.end('{"good":true}'), 20))
  const wrong = await apiServer(answerWith(200, { good: false }))
  const endpoints = openaiEndpoints(openaiServers(`${slow.url}/v1,${wrong.baseUrl}`, {}), quick)
  const client = endpoints.client("/things", 5000)
  const check = ({ value, refusal }: Parameters<NonNullable<Parameters<typeof client.post>[2]>["check"] & {}>[0]) => {
    if (!(value as { good: boolean }).good) throw refusal("answered with nothing good", { isRetryable: true })
  }
  const all = await Promise.all(Array.from({ length: 60 }, () => client.post({}, undefined, { check })))
  expect(all.every(({ value }) => (value as { good: boolean }).good)).toBe(true)
  expect(endpoints.counts()[1]).toMatchObject({ isLeftOut: true })
})

test.each([
  ["http://a/v1,nonsense", "Address 2 of 2 of the base URL is not a URL; write e.g."],
  ["http://ann:wo,rd@a/v1", "a comma within one is written %2C"],
  ["http://a/v1,http://a/v1/", "The base URL http://a/v1 is named twice. Name it once."],
  ["http://a/v1,https://api.openai.com/v1", "openai: needs a key"],
])("%s is refused", (given, says) => {
  expect(() => openaiServers(given, {})).toThrow(says)
  expect(() => openaiServers(given, {})).not.toThrow(/ann:wo/)
})
