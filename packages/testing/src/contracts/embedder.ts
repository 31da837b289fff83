/** The Embedder contract: one vector of length 1 a text, in order, the same for the same text. */
import type { Embedder, EmbedderOptions, EmbedderProvider, EmbedOptions, Host } from "@swirl-ts/core"
import { at, type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { endsAborted, grace } from "../checks/ends.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { samplePassages } from "../data/corpus.ts"
import { checkHost } from "../data/host.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"

export interface EmbedderChecks extends CheckOptions {
  /** What stands behind the provider's name, e.g. `text-embedding-3-small`. Default: `checked`. */
  reference?: string
  /** What it is opened with, e.g. `{ baseUrl }`. */
  options?: EmbedderOptions
  host?: Host
}

/** Tests an embedder provider by an embedder that it opens. */
export function testEmbedder(provider: EmbedderProvider, options: EmbedderChecks & TestOptions = {}): void {
  register(`embedder ${options.name ?? defaultName}`, embedderChecks(provider, options), options)
}

const defaultName = "embedder"
const texts = samplePassages.map(({ text }) => text)
const passage: EmbedOptions = { kind: "passage" }

/** The checks of `testEmbedder`. */
export function embedderChecks(provider: EmbedderProvider, options: EmbedderChecks = {}): Check[] {
  const { name = defaultName, reference = "checked" } = options
  const subject = `The embedder ${name}`
  assertOptions(subject, options, { reference: true, options: true })
  const use = async <T>(work: (embedder: Embedder) => Promise<T>): Promise<T> => {
    const embedder = await provider.open(reference, options.options ?? {}, options.host ?? checkHost())
    try {
      return await work(embedder)
    } finally {
      await embedder.close?.()
    }
  }
  const behaviours: Behaviours = {
    "is an embedder provider that can be loaded": () => assertShape("embedders", subject, options.name, provider),
    "says what it is, the same each time it is opened": async () => {
      const opened = () => use(async ({ identity, dimensions }) => ({ identity, dimensions }))
      const [first, again] = [await opened(), await opened()]
      if (typeof first.identity !== "string" || first.identity === "") {
        fail("it has no identity. Name weights and settings: only vectors of one identity may be compared.")
      }
      if (!Number.isInteger(first.dimensions) || first.dimensions < 1) {
        fail(`its dimensions are ${shown(first.dimensions)}, no whole number above 0.`)
      }
      if (first.identity !== again.identity) fail(`its identity is ${first.identity} and then ${again.identity}.`)
    },
    "gives one vector of length 1 a text": () =>
      use(async (embedder) => {
        for (const kind of ["query", "passage"] as const) {
          assertVectors(embedder, await embedder.embed(texts, { kind }), texts.length)
        }
      }),
    "gives vectors in the order of the texts": () =>
      use(async (embedder) => {
        const together = await embedder.embed(texts, passage)
        for (const [place, text] of texts.entries()) {
          const [alone] = await embedder.embed([text], passage)
          if (cosine(together[place]!, alone!) > 0.999) continue
          fail(`the vector of text ${place} among ${texts.length} is another than that of the same text alone.`)
        }
      }),
    "tells different texts apart": () =>
      use(async (embedder) => {
        const [one, other] = await embedder.embed(texts, passage)
        if (cosine(one!, other!) > 0.9999) fail("two texts about different things have the same vector.")
      }),
    "gives nothing for no texts": () =>
      use(async (embedder) => {
        const none = await embedder.embed([], passage)
        if (!Array.isArray(none) || none.length > 0) fail(`for no texts it gives ${shown(none)}.`)
      }),
    "embeds whatever text it is given": () =>
      use(async (embedder) => {
        for (const [what, text] of hostileAndHuge) {
          assertVectors(embedder, await at(what, () => embedder.embed([text], passage)), 1)
        }
      }),
    "ends when its signal is aborted": () =>
      use(async (embedder) => {
        const outcome = await endsAborted((abortSignal) =>
          embedder.embed(["not seen before"], { ...passage, abortSignal }),
        )
        if (outcome === "late") {
          fail(`it goes on for more than ${grace / 1000} s after its signal was aborted. Hand on \`abortSignal\`.`)
        }
      }),
  }
  return checksOf(subject, behaviours, options)
}

function assertVectors({ dimensions }: Embedder, vectors: readonly Float32Array[], count: number): void {
  if (vectors.length !== count) fail(`for ${count} texts it gives ${vectors.length} vectors.`)
  vectors.forEach((vector, place) => {
    if (vector.length !== dimensions)
      fail(`vector ${place} has ${vector.length} numbers, its dimensions are ${dimensions}.`)
    const length = Math.hypot(...vector)
    if (!(Math.abs(length - 1) < 1e-3)) {
      fail(`vector ${place} has the length ${length}, not 1. Divide it by its length: dot products are compared.`)
    }
  })
}

const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0)
