/**
 * Who may ask: a browser on this machine that was sent here by its user, or by the viewer itself. A page of another site may
 * neither read what is here under a name of its own that leads to this machine (DNS rebinding), nor load its pages as scripts.
 */
import type { IncomingHttpHeaders } from "node:http"

/** Why a request is refused; undefined where it is not. */
export interface Refusal {
  status: 403 | 405
  reason: string
}

/** `port` is the one that is listened at. */
export function refusalOf(
  { method = "", url = "", headers }: { method?: string; url?: string; headers: IncomingHttpHeaders },
  port: number,
): Refusal | undefined {
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, reason: "This shows records and changes none: GET and HEAD are answered." }
  const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`)
  if (!hosts.includes(headers.host?.toLowerCase() ?? ""))
    return { status: 403, reason: `Ask by the address that swirl view printed: http://${hosts[0]}/` }
  const { origin } = headers
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
    return { status: 403, reason: "Another site may not read this." }
  if (isOfAnotherSite(headers) && !isVisit(url, headers))
    return { status: 403, reason: "Another site may not load this." }
  return undefined
}

const isOfAnotherSite = (headers: IncomingHttpHeaders): boolean => {
  const site = headers["sec-fetch-site"] ?? "none"
  return site !== "none" && site !== "same-origin"
}

/** Somebody follows a link to the viewer's first page, in a window of its own. */
const isVisit = (url: string, headers: IncomingHttpHeaders): boolean =>
  url === "/" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document"
