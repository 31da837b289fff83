/** Reads the body of a request, and no more of it than may be. */
import { isUtf8 } from "node:buffer"
import type { IncomingMessage } from "node:http"
import { errorMessage } from "@swirl-ts/core"

/** What is answered in place of a verdict. The message is a sentence for whoever asked. */
export class Refused extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** What its head says of a body, before a byte of it is read. */
export function checkHead({ headers }: Pick<IncomingMessage, "headers">, most: number): void {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase()
  // A page in a browser can send other types to any address without being asked.
  if (type !== "application/json")
    throw new Refused(415, `The body has to be JSON, with the header content-type: application/json.`)
  const encoding = headers["content-encoding"]
  if (encoding !== undefined && encoding !== "identity")
    throw new Refused(415, "The body is compressed, and only one as it is can be read.")
  if (Number(headers["content-length"] ?? 0) > most) throw tooLarge(most)
}

/** The JSON of a body of `most` bytes. Throws `Refused`. */
export async function readJson(request: IncomingMessage, most: number): Promise<unknown> {
  const pieces: Buffer[] = []
  let size = 0
  try {
    // Whoever answers early reads on, and throws it away: see `http-server.ts`.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).length
      if (size > most) throw tooLarge(most)
      pieces.push(piece as Buffer)
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused(400, `The request ended before its body did: ${errorMessage(error)}.`)
  }
  const bytes = Buffer.concat(pieces)
  if (!isUtf8(bytes)) throw new Refused(400, "The body is not UTF-8.")
  try {
    return JSON.parse(bytes.toString("utf8"))
  } catch (error) {
    throw new Refused(400, `The body is not JSON: ${errorMessage(error).slice(0, 200)}.`)
  }
}

const tooLarge = (most: number): Refused =>
  new Refused(
    413,
    `The body is larger than the ${most} bytes that are read. Send fewer actions at once, or row ids in place of prompts.`,
  )
