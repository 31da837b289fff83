/** A process of its own: an OpenAI-compatible server that takes so many requests a second, or so many at once, and answers 429 to the rest. Arguments: rate, burst, milliseconds an answer takes, whether it says Retry-After, how many at once (0: any number). */
import { createServer } from "node:http"

const [rate, burst, latency, saysWhen, atOnce] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
  number,
]
const completion = JSON.stringify({
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "<answer>7</answer>" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 5 },
})
let tokens = burst
let at = performance.now()
const counts = { taken: 0, refused: 0, most: 0, early: 0 }
let inFlight = 0
let closedUntil = 0

const server = createServer((request, response) => {
  if (request.url === "/counts") return void response.end(JSON.stringify(counts))
  request.resume().on("end", () => {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - at) * rate) / 1000)
    at = now
    // What was under way when it was said does not count.
    if (saysWhen && now > closedUntil - 1000 + 250 && now < closedUntil - 5) counts.early++
    if (atOnce ? inFlight >= atOnce : tokens < 1) {
      counts.refused++
      if (saysWhen) closedUntil = now + 1000
      response.writeHead(429, { "content-type": "application/json", ...(saysWhen ? { "retry-after": "1" } : {}) })
      return void response.end('{"error":{"message":"Rate limit reached"}}')
    }
    if (!atOnce) tokens--
    counts.taken++
    counts.most = Math.max(counts.most, ++inFlight)
    setTimeout(() => {
      inFlight--
      response.setHeader("content-type", "application/json")
      response.end(completion)
    }, latency)
  })
})
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())))
process.on("disconnect", () => process.exit())
