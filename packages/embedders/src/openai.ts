/**
 * Any OpenAI-compatible `/embeddings` server. Passing failures are tried again as those of models are.
 * Wire format: https://platform.openai.com/docs/api-reference/embeddings/create
 */
import { type Embedder, type EmbedderProvider, errorMessage, seedFrom } from "@swirl-ts/core"
import { type OpenaiReply, openaiEndpoints, openaiServers, withRetry } from "@swirl-ts/kit"
import { z } from "zod"
import { type EmbeddersSettings, prefixIdentity } from "./options.ts"
import { cachedEmbedder, storedDimensions } from "./vector-cache.ts"
import { checkSize, normalise } from "./vectors.ts"

const ResponseSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.union([z.array(z.number()), z.string()]) })),
})

export const openaiProvider = (settings: EmbeddersSettings): EmbedderProvider => ({
  description: "any OpenAI-compatible /embeddings server: openai:<model> --base-url http://host:port/v1",
  async open(reference, options, host) {
    const servers = openaiServers(options.baseUrl, host.environment)
    const { timeout, attempts, firstDelay } = settings
    const client = openaiEndpoints(servers, { tell: host.log }).client("/embeddings", timeout)
    const onWait = (error: unknown, wait: number): void => {
      if (wait >= 5000) host.log(`${errorMessage(error)} Trying again in ${Math.round(wait / 1000)} s.`)
    }
    const request = (texts: readonly string[], abortSignal?: AbortSignal): Promise<Float32Array[]> => {
      // Servers refuse an empty text.
      const body = { model: reference, input: texts.map((text) => text || " "), encoding_format: "float" }
      const call = async () => {
        let vectors: Float32Array[] = []
        const check = (reply: OpenaiReply): void => {
          vectors = readVectors(reply, texts.length)
        }
        await client.post(body, abortSignal, { check })
        return vectors
      }
      return withRetry(call, seedFrom("embeddings", ...body.input), { attempts, firstDelay, onWait }, abortSignal)
    }
    const { host: place, pathname } = new URL(servers[0]!.baseUrl)
    const identity = `openai:${place}${pathname.replace(/\/$/, "")}:${reference}${prefixIdentity(settings)}`
    const dimensions =
      storedDimensions(host, identity) ?? (await request(["dimensions"], options.abortSignal))[0]!.length
    const embedder: Embedder = {
      identity,
      dimensions,
      async embed(texts, { kind, abortSignal }) {
        const prefix = kind === "query" ? settings.queryPrefix : settings.passagePrefix
        const vectors = await request(
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

/** Vectors of length 1, in the order of the texts. */
function readVectors({ value, refusal }: OpenaiReply, count: number): Float32Array[] {
  const parsed = ResponseSchema.safeParse(value)
  if (!parsed.success) throw refusal("answered with no embeddings")
  const { data } = parsed.data
  const vectors: Float32Array[] = []
  for (const { index, embedding } of data) vectors[index] = normalise(readVector(embedding))
  if (data.length !== count || vectors.length !== count) {
    throw refusal(`answered with ${data.length} embeddings for ${count} texts`)
  }
  const size = vectors[0]?.length ?? 0
  if (size === 0 || vectors.some((vector) => vector.length !== size || !vector.every(Number.isFinite))) {
    throw refusal("answered with embeddings that are empty, of different sizes, or not of finite numbers")
  }
  return vectors
}

/** Numbers, or what some servers send in place of them: little-endian float32 in base64. */
function readVector(embedding: number[] | string): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding)
  const bytes = Buffer.from(embedding, "base64")
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(4 * i))
}
