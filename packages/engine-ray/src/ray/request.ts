/**
 * One request over Node's own HTTP. `fetch` cannot be used: it says that it is a browser (`sec-fetch-mode`), and Ray refuses
 * whatever a browser sends but GET. Invariant: the token is in no error.
 */
import { type IncomingMessage, request as plainRequest } from "node:http"
import { request as secureRequest } from "node:https"
import { text } from "node:stream/consumers"
import { errorMessage } from "@swirl-ts/core"
import { errorCode, HttpError } from "@swirl-ts/kit"

export interface RayAddress {
  /** Without a slash at its end. */
  url: string
  /** Sent as a bearer token; a cluster in token mode asks for one. */
  token?: string
}

export interface RayRequest {
  method: "GET" | "PUT" | "POST" | "DELETE"
  /** Begins with a slash. */
  path: string
  /** An object is sent as JSON, bytes as they are. */
  body?: object | Uint8Array
  /** Milliseconds without a sign of the server. */
  timeout?: number
  abortSignal?: AbortSignal
}

export interface RayAnswer {
  status: number
  body: string
}

/** Any answer at all; throws where none came. */
export async function ask({ url, token }: RayAddress, asked: RayRequest): Promise<RayAnswer> {
  const { method, path, body, timeout = 30_000, abortSignal } = asked
  const bytes = body instanceof Uint8Array || body === undefined ? body : Buffer.from(JSON.stringify(body))
  const address = new URL(`${url}${path}`)
  const start = address.protocol === "https:" ? secureRequest : plainRequest
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(bytes ? { "content-length": bytes.byteLength } : {}),
    ...(body === undefined
      ? {}
      : { "content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json" }),
  }
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = start(address, { method, headers, timeout, signal: abortSignal }, resolve)
      sent.on("error", reject)
      sent.on("timeout", () => sent.destroy(new Error(`it did not answer within ${timeout / 1000} s`)))
      sent.end(bytes)
    })
    return { status: response.statusCode ?? 0, body: await text(response) }
  } catch (error) {
    abortSignal?.throwIfAborted()
    const reason = errorCode(error) ?? errorMessage(error)
    const shown = token ? reason.replaceAll(token, "[key]") : reason
    throw new HttpError(
      `The Ray cluster at ${url} cannot be reached (${shown}). Is it running, and is this the address of its dashboard?`,
      { isRetryable: true, cause: error },
    )
  }
}
