/** Who may ask: with a token those who have it, without one this machine alone. */
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { BlockList, isIP } from "node:net"
import { SwirlError } from "@swirl-ts/core"
import { Refused } from "./request-body.ts"

const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8, "ipv4")
loopback.addAddress("::1", "ipv6")

export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1")
  const kind = isIP(address)
  if (kind === 0) return address.toLowerCase() === "localhost"
  return loopback.check(address, kind === 4 ? "ipv4" : "ipv6")
}

/** Throws a usage error for an address that others reach, without a token. */
export function checkHost(host: string, token: string | undefined): void {
  if (token === undefined && !isLoopback(host))
    throw new SwirlError(
      `At ${host} others reach the judge service, so it wants a token: set SWIRL_JUDGE_TOKEN, or name a file by --token-file. Without one it serves 127.0.0.1 alone.`,
      { kind: "usage" },
    )
}

/** Throws `Refused`. The token comes as `Bearer`, or as the password of an address, which is all that some trainers can send. */
export function checkAccess({ headers }: Pick<IncomingMessage, "headers">, token: string | undefined): void {
  if (token === undefined) {
    // A page in a browser may have had a name of its own resolved to this machine.
    const name = headers.host?.replace(/:\d*$/, "") ?? ""
    if (!isLoopback(name))
      throw new Refused(403, "Without a token only requests to this machine by its own name are answered.")
    return
  }
  const given = givenToken(headers.authorization)
  if (given !== undefined && isSame(given, token)) return
  const problem = given === undefined ? "The request has no token" : "The token is another one"
  throw new Refused(401, `${problem}. Send the header authorization: Bearer <token>.`, {
    "www-authenticate": 'Bearer realm="swirl judge"',
  })
}

function givenToken(header: string | undefined): string | undefined {
  const [, scheme, value] = /^\s*(bearer|basic)\s+(\S+)\s*$/i.exec(header ?? "") ?? []
  if (scheme === undefined || value === undefined) return undefined
  if (scheme.toLowerCase() === "bearer") return value
  const pair = Buffer.from(value, "base64").toString("utf8")
  return pair.slice(pair.indexOf(":") + 1)
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()
/** In the same time whatever is the same of them. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
