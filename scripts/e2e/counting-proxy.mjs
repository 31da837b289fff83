/** Stands before a server and says what went through: calls by path, bytes, and how long somebody waited for it. */
import { createServer, request } from "node:http"

export async function countingProxy(port) {
  let counts = {}
  let bytes = 0
  let waited = 0
  let open = 0
  let since = 0
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url.replace("/api/v1", "").replace(/(training_runs)\/.*/, "$1/…")
    counts[path] = (counts[path] ?? 0) + 1
    if (open++ === 0) since = performance.now()
    outgoing.once("close", () => {
      if (--open === 0) waited += performance.now() - since
      onward.destroy()
    })
    const { method, url, headers } = incoming
    const onward = request({ port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    })
    // As the server would: cut, or not there.
    onward.on("error", () => outgoing.destroy())
    incoming.on("data", (chunk) => {
      bytes += chunk.length
    })
    incoming.pipe(onward)
  })
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    /** Since the last time; waiting is the time in which at least one call was open. */
    taken() {
      const taken = { counts, calls: Object.values(counts).reduce((sum, count) => sum + count, 0), bytes, waited }
      counts = {}
      bytes = 0
      waited = 0
      return taken
    },
    close: () => proxy.close(),
  }
}
