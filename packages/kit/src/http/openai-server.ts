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

/**
 * `given`: what `--base-url` says, several addresses separated by commas. Throws a usage error for what is no web address, for
 * one that is named twice, and for OpenAI's own server without a key.
 */
export function openaiServers(given: string | undefined, environment: Host["environment"]): OpenaiServer[] {
  const all = (given || environment.OPENAI_BASE_URL || officialUrl)
    .split(",")
    .map((baseUrl) => baseUrl.trim().replace(/\/+$/, ""))
    .filter((baseUrl, _place, { length }) => baseUrl !== "" || length === 1)
  const apiKey = environment.SWIRL_API_KEY || environment.OPENAI_API_KEY
  for (const [place, baseUrl] of all.entries()) {
    if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
      // A comma in a password cuts it in two, and neither half is to be seen.
      const which =
        all.length > 1 ? `Address ${place + 1} of ${all.length} of the base URL` : `The base URL "${shown(baseUrl)}"`
      const comma = all.length > 1 ? " (several are separated by commas; a comma within one is written %2C)" : ""
      throw usage(`${which} is not a URL; write e.g. http://localhost:8000/v1${comma}.`)
    }
    if (all.indexOf(baseUrl) !== place) throw usage(`The base URL ${shown(baseUrl)} is named twice. Name it once.`)
    if (!apiKey && baseUrl === officialUrl)
      throw usage("openai: needs a key in OPENAI_API_KEY (or SWIRL_API_KEY), or a server of your own (--base-url).")
  }
  return all.map((baseUrl) => ({ baseUrl, apiKey }))
}

const shown = (baseUrl: string): string => baseUrl.replace(/^(.*?\/\/)?.*@/, "$1…@")

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
