/** Where an OpenAI-compatible server is, and how it is asked: by option, else by environment, else OpenAI's own. */
import { type Host, SwirlError } from "@swirl-ts/core"

export const officialUrl = "https://api.openai.com/v1"

export interface OpenaiServer {
  /** Up to and without `/chat/completions`; `user:password` in it is sent as basic authorization. */
  baseUrl: string
  /** Sent as a bearer token where the base URL has no user. */
  apiKey?: string
  /** Sent as they are, for servers that want a key under another name. */
  headers?: Readonly<Record<string, string>>
}

/** `given`: what `--base-url` says. Throws a usage error for what is no web address, and for OpenAI's own server without a key. */
export function openaiServer(given: string | undefined, environment: Host["environment"]): OpenaiServer {
  const baseUrl = (given || environment.OPENAI_BASE_URL || officialUrl).replace(/\/+$/, "")
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    const shown = baseUrl.replace(/^(.*?\/\/)?.*@/, "$1…@")
    throw usage(`The base URL "${shown}" is not a URL; write e.g. http://localhost:8000/v1.`)
  }
  const apiKey = environment.SWIRL_API_KEY || environment.OPENAI_API_KEY
  if (!apiKey && baseUrl === officialUrl) {
    throw usage("openai: needs a key in OPENAI_API_KEY (or SWIRL_API_KEY), or a server of your own (--base-url).")
  }
  return { baseUrl, apiKey }
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
