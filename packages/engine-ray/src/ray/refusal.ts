/** What Ray says where it does not do what it was asked: tracebacks, whose last line is the reason. */
import { HttpError } from "@swirl-ts/kit"
import type { RayAddress, RayAnswer } from "./request.ts"

/** The last line of a traceback, or the whole of a short text. */
export function reasonIn(body: string): string {
  const lines = body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 1)
  const reason = lines.at(-1) ?? "(nothing)"
  return reason.length > 300 ? `${reason.slice(0, 300)}…` : reason
}

/** `what` goes on after "did not": `take the job`. */
export function refusal({ url, token }: RayAddress, what: string, { status, body }: RayAnswer): HttpError {
  const said = token ? body.replaceAll(token, "[key]") : body
  const reason = reasonIn(said)
  const advice = adviceFor(status, said, token !== undefined)
  return new HttpError(`The Ray cluster at ${url} did not ${what} (${status}): ${reason}${advice}`, {
    // A missing slash, a wrong field or key stays wrong; a server in trouble may get well.
    isRetryable: status >= 502 && status <= 504,
    statusCode: status,
    responseBody: said.slice(-4000),
    kind: status === 401 || status === 403 ? "usage" : "failed",
  })
}

function adviceFor(status: number, body: string, hasToken: boolean): string {
  if (status === 401 || status === 403)
    return hasToken
      ? ". The token is another one: see SWIRL_ENGINE_KEY, or the file of SWIRL_ENGINE_KEY_FILE."
      : ". The cluster wants a token: set SWIRL_ENGINE_KEY, or name its file by SWIRL_ENGINE_KEY_FILE."
  if (status === 405) return ". Something on the way makes requests look like those of a browser."
  if (/No space left|ENOSPC|disk/i.test(body))
    return ". A disk of the cluster is full: make room on it, and give the same command again."
  return ""
}
