/** Where the server is and what opens it. Invariant: a key comes from the environment or a file, and is in no message, record or log. */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import type { OpenaiServer } from "@swirl-ts/kit"

/** The path that every Tinker server has its calls under. */
const root = "/api/v1"

export function serverAddress(given: string | undefined, host: Host): OpenaiServer {
  const url = given || host.environment.SWIRL_ENGINE_URL || host.environment.TINKER_BASE_URL
  if (!url)
    throw usage(
      "The engine tinker computes on a server: give its address, e.g. --engine-url http://127.0.0.1:8000 (environment: SWIRL_ENGINE_URL).",
    )
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw usage(
      `The engine's address "${url.replace(/^(.*?\/\/)?.*@/, "$1…@")}" is not a URL; write e.g. http://127.0.0.1:8000.`,
    )
  const apiKey = keyOf(host)
  const trimmed = url.replace(/\/+$/, "")
  return {
    baseUrl: trimmed.endsWith(root) ? trimmed : `${trimmed}${root}`,
    apiKey,
    // As Tinker's own clients send it; a proxy in front may want the bearer token beside it.
    headers: apiKey ? { "x-api-key": apiKey } : {},
  }
}

function keyOf({ environment, workingDirectory }: Host): string | undefined {
  const { SWIRL_ENGINE_KEY, TINKER_API_KEY, SWIRL_ENGINE_KEY_FILE: file } = environment
  const own = SWIRL_ENGINE_KEY || (file ? undefined : TINKER_API_KEY)
  if (own || !file) return own?.trim() || undefined
  try {
    return readFileSync(resolve(workingDirectory, file), "utf8").trim() || undefined
  } catch (cause) {
    throw usage(`SWIRL_ENGINE_KEY_FILE names ${file}, which cannot be read: ${errorMessage(cause)}`)
  }
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
