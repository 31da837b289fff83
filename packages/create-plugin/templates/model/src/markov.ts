/**
 * `markov:<file>`: a model whose turns are written like the lines of a file. It understands nothing, costs nothing, and is
 * never twice the same but for the same seed: enough to try a benchmark, its tools and its scores before a real model is paid.
 */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import {
  contentHash,
  errorMessage,
  type LanguageModel,
  type ModelProvider,
  messageText,
  random,
  SwirlError,
} from "@swirl-ts/core"
import { readChain, walk } from "./chain.ts"

const ownLines = `I look it up. <answer>yes</answer>
I look it up and count. <answer>42</answer>
I count: <answer>7</answer>`

export const markov: ModelProvider = {
  description: "turns written like the lines of a file: markov:<file>, or markov for a few lines of its own",
  async open(reference, _options, { workingDirectory }) {
    const text = reference === "" ? ownLines : await readLines(resolve(workingDirectory, reference))
    return { model: markovModel(text, reference || "markov"), identity: contentHash(text) }
  },
}

export function markovModel(text: string, modelId = "markov"): LanguageModel {
  const chain = readChain(text)
  return {
    specificationVersion: "v3",
    provider: "markov",
    modelId,
    async doGenerate({ prompt, maxOutputTokens = 256, temperature = 1, seed = 0, abortSignal }) {
      abortSignal?.throwIfAborted()
      const asked = prompt.map(messageText).join("\n")
      const source = random(seed)
      const { words, ended } = walk(chain, { limit: maxOutputTokens, greedy: temperature === 0, source })
      const reason = ended ? "stop" : "length"
      return {
        content: [{ type: "text", text: words.join(" ") }],
        finishReason: { unified: reason, raw: reason },
        usage: { inputTokens: { total: asked.split(/\s+/).length }, outputTokens: { total: words.length } },
      }
    },
  }
}

async function readLines(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new SwirlError(`The file ${path} cannot be read: ${errorMessage(error)}`, { kind: "usage", cause: error })
  })
  if (text.trim() === "") throw new SwirlError(`The file ${path} has no lines to learn from.`, { kind: "usage" })
  return text
}
