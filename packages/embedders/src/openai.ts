/**
 * Any OpenAI-compatible `/embeddings` server. Passing failures (429, 5xx, network) are tried again with growing pauses,
 * never shorter than Retry-After; others are sentences with status and an excerpt of the body. The key is in no message.
 * Wire format: https://platform.openai.com/docs/api-reference/embeddings/create
 */
import { setTimeout as pause } from "node:timers/promises"
import {
  type Embedder,
  type EmbedderProvider,
  type EmbedOptions,
  errorMessage,
  type Host,
  SwirlError,
} from "@swirl-ts/core"
import { z } from "zod"
import { type EmbeddersSettings, prefixIdentity } from "./options.ts"
import { cachedEmbedder, storedDimensions } from "./vector-cache.ts"
import { checkSize, normalise } from "./vectors.ts"

const officialUrl = "https://api.openai.com/v1"
const longestDelay = 60_000

const ResponseSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.union([z.array(z.number()), z.string()]) })),
})

export const openaiProvider = (settings: EmbeddersSettings): EmbedderProvider => ({
  description: "any OpenAI-compatible /embeddings server: openai:<model> --base-url http://host:port/v1",
  async open(reference, options, host) {
    const { environment } = host
    const baseUrl = (options.baseUrl ?? environment.OPENAI_BASE_URL ?? officialUrl).replace(/\/+$/, "")
    if (!URL.canParse(baseUrl)) {
      throw usage(`The base URL "${baseUrl}" is not a URL; write e.g. http://localhost:8000/v1.`)
    }
    const apiKey = environment.SWIRL_API_KEY || environment.OPENAI_API_KEY
    if (!apiKey && baseUrl === officialUrl) {
      throw usage("openai: needs a key in OPENAI_API_KEY (or SWIRL_API_KEY), or a server of your own (--base-url).")
    }
    const client = new EmbeddingsClient(reference, baseUrl, apiKey, settings, host)
    const place = new URL(baseUrl)
    const identity = `openai:${place.host}${place.pathname.replace(/\/$/, "")}:${reference}${prefixIdentity(settings)}`
    const stored = storedDimensions(host, identity)
    const dimensions = stored ?? (await client.request(["dimensions"], options.abortSignal))[0]!.length
    const embedder: Embedder = {
      identity,
      dimensions,
      async embed(texts, { kind, abortSignal }: EmbedOptions) {
        const prefix = kind === "query" ? settings.queryPrefix : settings.passagePrefix
        const vectors = await client.request(
          texts.map((text) => prefix + text),
          abortSignal,
        )
        for (const vector of vectors) checkSize(identity, vector.length, dimensions)
        return vectors
      },
    }
    return cachedEmbedder(embedder, host, settings.batchSize, settings.concurrency)
  },
})

class EmbeddingsClient {
  readonly #model: string
  readonly #url: URL
  readonly #apiKey: string | undefined
  readonly #settings: EmbeddersSettings
  readonly #host: Host

  constructor(model: string, baseUrl: string, apiKey: string | undefined, settings: EmbeddersSettings, host: Host) {
    this.#model = model
    this.#url = new URL(`${baseUrl}/embeddings`)
    this.#apiKey = apiKey
    this.#settings = settings
    this.#host = host
  }

  /** Vectors of length 1, in the order of the texts. */
  async request(texts: readonly string[], abortSignal?: AbortSignal): Promise<Float32Array[]> {
    const { attempts, firstDelay } = this.#settings
    for (let attempt = 1; ; attempt++) {
      abortSignal?.throwIfAborted()
      const answer = await this.#try(texts, abortSignal)
      if (Array.isArray(answer)) return answer
      if (!answer.passing || attempt === attempts || answer.wait > longestDelay) {
        const tried = attempt > 1 ? ` Tried ${attempt} times.` : ""
        throw new SwirlError(`${answer.message}${tried}`, { kind: answer.kind, cause: answer.cause })
      }
      const delay = Math.max(answer.wait, Math.min(longestDelay, firstDelay * 2 ** (attempt - 1)))
      if (delay >= 5000) this.#host.log(`${answer.message} Trying again in ${Math.round(delay / 1000)} s.`)
      await pause(delay, undefined, abortSignal ? { signal: abortSignal } : {}).catch((error) => {
        abortSignal?.throwIfAborted()
        throw error
      })
    }
  }

  async #try(texts: readonly string[], abortSignal: AbortSignal | undefined): Promise<Float32Array[] | Failure> {
    const deadline = AbortSignal.timeout(this.#settings.timeout)
    let response: Response
    let body: string
    try {
      response = await fetch(this.#url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(this.#apiKey ? { authorization: `Bearer ${this.#apiKey}` } : {}),
        },
        // Servers refuse an empty text.
        body: JSON.stringify({ model: this.#model, input: texts.map((text) => text || " "), encoding_format: "float" }),
        signal: abortSignal ? AbortSignal.any([abortSignal, deadline]) : deadline,
      })
      body = await response.text()
    } catch (error) {
      abortSignal?.throwIfAborted()
      const cause = (error as { cause?: { code?: string; message?: string } }).cause
      const reason = deadline.aborted
        ? `did not answer within ${this.#settings.timeout / 1000} s.`
        : `could not be reached (${cause?.code ?? cause?.message ?? errorMessage(error)}). Is the server running, and is the base URL right?`
      return { passing: true, wait: 0, message: `${this.#url} ${reason}`, kind: "failed", cause: error }
    }
    const failure = (what: string, passing: boolean, kind: Failure["kind"] = "failed"): Failure => {
      return {
        passing,
        wait: readRetryAfter(response.headers.get("retry-after") ?? ""),
        message: `${this.#url} ${what}: ${this.#excerpt(body)}`,
        kind,
      }
    }
    const { status } = response
    if (!response.ok) {
      const kind = status === 401 || status === 403 || status === 404 ? "usage" : "failed"
      return failure(`answered ${status}`, status === 408 || status === 429 || status >= 500, kind)
    }
    let value: unknown
    try {
      value = JSON.parse(body)
    } catch {
      return failure("answered with something that is not JSON", true)
    }
    const parsed = ResponseSchema.safeParse(value)
    if (!parsed.success) return failure("answered with no embeddings", false)
    const vectors: Float32Array[] = []
    for (const { index, embedding } of parsed.data.data) vectors[index] = normalise(readVector(embedding))
    if (parsed.data.data.length !== texts.length || vectors.length !== texts.length) {
      return failure(`answered with ${parsed.data.data.length} embeddings for ${texts.length} texts`, false)
    }
    const size = vectors[0]?.length ?? 0
    if (size === 0 || vectors.some((vector) => vector.length !== size || !vector.every(Number.isFinite))) {
      return failure("answered with embeddings that are empty, of different sizes, or not of finite numbers", false)
    }
    return vectors
  }

  #excerpt(body: string): string {
    const text = (this.#apiKey ? body.replaceAll(this.#apiKey, "[key]") : body).replace(/\s+/g, " ").trim()
    return text === "" ? "(empty body)" : text.length > 300 ? `${text.slice(0, 300)}…` : text
  }
}

interface Failure {
  /** May pass by itself. */
  passing: boolean
  /** Milliseconds the server asks for. */
  wait: number
  message: string
  kind: "usage" | "failed"
  cause?: unknown
}

/** Milliseconds; the header has seconds, or an HTTP date. */
function readRetryAfter(header: string): number {
  const seconds = Number(header)
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : 1000 * seconds
  return Number.isFinite(wait) ? Math.max(0, wait) : 0
}

/** Numbers, or what some servers send in place of them: little-endian float32 in base64. */
function readVector(embedding: number[] | string): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding)
  const bytes = Buffer.from(embedding, "base64")
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i))
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
