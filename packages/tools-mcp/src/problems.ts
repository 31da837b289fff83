/** What went wrong with a server, in sentences that name it; and whether the connection is gone, and the call with it. */
import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import type { ServerSettings } from "./options.ts"
import { streamEnded } from "./transport.ts"

/** The call did not get to the server, so it may be sent again. */
export function neverArrived(error: unknown): boolean {
  // A server that was started again does not know the session: 404 by the protocol, 400 by many.
  if (error instanceof SdkHttpError) return error.status === 404 || error.status === 400
  return hasCode(error, SdkErrorCode.NotConnected) || networkCode(error) === "ECONNREFUSED"
}

/** The connection is of no use any more. */
export const isLost = (error: unknown): boolean =>
  neverArrived(error) ||
  hasCode(error, SdkErrorCode.ConnectionClosed) ||
  networkCode(error) !== undefined ||
  (error instanceof ProtocolError && error.message.includes(streamEnded))

const hasCode = (error: unknown, code: SdkErrorCode): boolean => error instanceof SdkError && error.code === code

/** Of Node's `fetch`, whose own message is `fetch failed`. */
function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof TypeError) return errorCode(at.cause) ?? "no answer"
  }
  return undefined
}

/** `lines`: the last ones of its standard error. */
export function startProblem(
  name: string,
  settings: ServerSettings,
  error: unknown,
  lines: readonly string[],
): SwirlError {
  const { command, args = [], url } = settings
  const where = url ?? [command, ...args].join(" ")
  const said = lines.length > 0 ? ` It said: "${lines.join(" ")}"` : ""
  const message = `The MCP server "${name}" (${where}) cannot be used: ${startReason(settings, error)}.${said}`
  return new SwirlError(message, { kind: "usage", cause: error })
}

function startReason({ command, startTimeout }: ServerSettings, error: unknown): string {
  if (errorCode(error) === "ENOENT") return `there is no command ${command}`
  if (hasCode(error, SdkErrorCode.ConnectionClosed)) return "it ended before it was ready"
  if (hasCode(error, SdkErrorCode.RequestTimeout)) return `it was not ready after ${startTimeout} s (startTimeout)`
  const network = networkCode(error)
  if (network) return `nothing answers there (${network})`
  if (error instanceof SdkHttpError) {
    const hint = error.status === 401 || error.status === 403 ? "; it may want a key in its headers" : ""
    return `it answers ${error.status}${hint}`
  }
  return errorMessage(error).replace(/\.$/, "")
}

export function callProblem(name: string, tool: string, error: unknown): SwirlError {
  const server = `The MCP server "${name}"`
  const message = isLost(error)
    ? `${server} was lost in the middle of ${tool}, which may have been done or not.`
    : `${server} cannot do ${tool}: ${errorMessage(error)}`
  return new SwirlError(message, { cause: error })
}
