/**
 * A viewer by HTTP, on this machine alone. Invariants: nothing is written but the viewer's own folder; every answer says
 * that it may not be kept, framed or read by another site; what goes wrong is a sentence, and no path of this machine is in it
 * but those that the records' own errors name.
 */
import { once } from "node:events"
import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { pipeline } from "node:stream/promises"
import { errorMessage, firstLine, SwirlError } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import type { FreshViewer } from "./fresh-viewer.ts"
import { refusalOf } from "./request-check.ts"
import { contentType, servedFile } from "./served-paths.ts"

export interface ServedViewer {
  url: string
  /** Takes no more requests; those that are there are cut off after a moment. */
  stop(): Promise<void>
}

const address = "127.0.0.1"

/** As `index.html` says it of itself, and that nobody may frame it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const headers: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
}

/** `port` 0: any that is free. Throws a usage error where it cannot be listened at. */
export async function serveViewer(
  viewer: FreshViewer,
  { port, log }: { port: number; log(line: string): void },
): Promise<ServedViewer> {
  let listening = port
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    answer(viewer, request, response, listening).catch((error: unknown) => {
      log(`${request.method} ${JSON.stringify(request.url?.slice(0, 80))}: ${firstLine(errorMessage(error))}`)
      if (response.headersSent) response.destroy()
      else say(response, 500, firstLine(errorMessage(error)))
    })
  })
  server.maxConnections = 256
  server.listen(port, address)
  try {
    await once(server, "listening")
  } catch (error) {
    throw new SwirlError(
      `Port ${port} cannot be used: ${errorMessage(error)}. Choose another by --port; 0 takes any that is free.`,
      { kind: "usage", cause: error },
    )
  }
  listening = (server.address() as AddressInfo).port
  return {
    url: `http://${address}:${listening}/`,
    async stop() {
      const closed = once(server, "close")
      server.close()
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), 500)
      await closed
      clearTimeout(late)
    },
  }
}

async function answer(
  viewer: FreshViewer,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  request.resume()
  const refusal = refusalOf(request, port)
  if (refusal) return say(response, refusal.status, refusal.reason)
  const path = (request.url ?? "").split("?", 1)[0]!
  // Who loads the first page sees the run as it is now.
  if (path === "/" || path === "/index.html" || viewer.pages.size === 0) await viewer.refresh()
  const file = servedFile(path, viewer.folder, viewer.pages)
  const size = file === undefined ? undefined : (await stat(file).catch(() => undefined))?.size
  if (file === undefined || size === undefined) return say(response, 404, "There is nothing at this address.")
  response.writeHead(200, { ...headers, "content-type": contentType(file), "content-length": size })
  if (request.method === "HEAD") response.end()
  else await pipeline(createReadStream(file), response).catch(unlessGone)
}

/** Who asked need not read to the end. */
function unlessGone(error: unknown): void {
  if (errorCode(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error
}

function say(response: ServerResponse, status: number, sentence: string): void {
  const allow = status === 405 ? { allow: "GET, HEAD" } : {}
  response.writeHead(status, { ...headers, ...allow, "content-type": "text/plain; charset=utf-8" })
  response.end(`${sentence}\n`)
}
