/** Every official plugin, and all that it contributes, passes the published checks. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Plugin } from "@swirl-ts/core"
import {
  answerWith,
  apiServer,
  chatCompletion,
  jsonLines,
  sourceFlags,
  temporaryFolder,
  testHost,
} from "@swirl-ts/test-support"
import { afterAll, expect, test } from "vitest"
import { officialData } from "../test/official-data.ts"
import { trajectoryOf } from "./data/conversations.ts"
import { corpusOf, samplePassages } from "./data/corpus.ts"
import { type PluginChecks, pluginChecks, testPlugin } from "./index.ts"

// A tool may write files by the names that it is given.
process.chdir(temporaryFolder())

const packages = fileURLToPath(new URL("../../", import.meta.url))

const dataOf = (folder: string, ...names: string[]): PluginChecks => ({
  benchmarks: Object.fromEntries(names.map((name) => [name, { dataPath: join(officialData, folder) }])),
})

const chat = await apiServer(answerWith(200, chatCompletion({ content: "17" }, "stop")))
/** Vectors that say how often each letter stands in the text. */
const embeddings = await apiServer<{ input: string[] }>(({ body }, response) => {
  const data = body.input.map((text, index) => {
    const counts = new Array<number>(32).fill(1)
    for (const letter of text) counts[letter.codePointAt(0)! % 32]! += 1
    return { index, embedding: counts }
  })
  response.setHeader("content-type", "application/json")
  response.end(JSON.stringify({ data }))
})
const host = testHost({ environment: { OPENAI_API_KEY: "sk-secret" } })
const scripts = testHost({
  workingDirectory: temporaryFolder({ "replies.json": [{ reply: "<answer>17</answer>" }] }),
})
const recorded = trajectoryOf("recorded", "What is 12 + 5?", [[{ kind: "answer", answer: "17" }]])
const recordings = testHost({
  workingDirectory: temporaryFolder({ "trajectories.jsonl": jsonLines([recorded]) }),
})

/** What only their authors know. What needs a peer that is not installed, or a file of weights, skips itself. */
const given: Readonly<Record<string, PluginChecks>> = {
  "bench-beerqa": dataOf("beerqa", "beerqa"),
  "bench-cofca": dataOf("cofca", "cofca"),
  "bench-gsm8k": dataOf("gsm8k", "gsm8k", "gsm-large"),
  "bench-hotpotqa": dataOf("hotpotqa", "hotpotqa", "hotpotqa-fullwiki"),
  "bench-musique": dataOf("musique", "musique", "musique-full"),
  embedders: {
    embedders: {
      openai: { reference: "small", options: { baseUrl: embeddings.baseUrl }, host },
      transformers: { missing: "skip" },
    },
  },
  "engine-tinker": { engines: { tinker: { missing: "skip" } } },
  judges: {
    judges: {
      grounded: { otherOptions: [{ noise: 0.5 }, { relations: ["born"] }, { benchmark: "bench-gsm8k/gsm8k" }] },
      form: { otherOptions: [{ noise: 0.5 }] },
      consensus: { otherOptions: [{ noise: 0.5 }, { agree: 2 }, { benchmark: "bench-gsm8k/gsm8k" }] },
      llm: { otherOptions: [{ votes: 3 }, { temperature: 0.5 }, { noise: 0.5 }] },
    },
    outcomeJudges: { llm: { otherOptions: [{ votes: 3 }] } },
  },
  local: { models: { local: { missing: "skip" } }, engines: { local: { options: { backend: "wasm" } } } },
  "model-llama": { models: { llama: { missing: "skip" } } },
  models: {
    models: {
      openai: {
        reference: "small",
        options: { baseUrl: chat.baseUrl },
        host,
        skip: { "stops at its token limit": "the server that it asks here knows no limit" },
      },
      script: {
        reference: "replies.json",
        host: scripts,
        skip: { "stops at its token limit": "it says what its file says" },
      },
      replay: {
        reference: "trajectories.jsonl",
        question: "Question: What is 12 + 5?",
        host: recordings,
        skip: {
          "answers whatever text it is asked": "of what nobody recorded it says that nobody did",
          "stops at its token limit": "it says what was recorded",
        },
      },
    },
  },
  "tools-calculator": {
    tools: {
      calculator: {
        valid: [
          { input: { expression: "2 + 3" }, output: "5.0" },
          { input: { expression: "15% of 80" }, output: "12.0" },
        ],
        invalid: [{ input: { expression: "2 +" } }, { input: { expression: "while true" } }],
      },
    },
  },
  "tools-search": {
    tools: {
      search: {
        context: { corpus: corpusOf("official", samplePassages) },
        valid: [{ input: { query: "capital of Norway" }, output: /Oslo/ }],
        invalid: [{ input: { query: "" } }],
      },
    },
    retrievers: { lancedb: { missing: "skip" } },
  },
}

/** Of plugins that offer nothing without them. */
const neededOptions: Readonly<Record<string, unknown>> = {
  "tools-mcp": {
    servers: {
      test: {
        command: process.execPath,
        args: [...sourceFlags, join(packages, "tools-mcp", "test", "server-child.ts"), "stdio"],
      },
    },
  },
}

const official: { name: string; factory: unknown; plugin: Plugin }[] = []
for (const name of readdirSync(packages)) {
  const manifest = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"))
  if (!manifest.keywords?.includes("swirl-ts-plugin")) continue
  const module = await import(pathToFileURL(join(packages, name, "src", "index.ts")).href)
  official.push({ name, factory: module.default, plugin: await module.default(neededOptions[name]) })
}
afterAll(() => Promise.all(official.map(({ plugin }) => plugin.dispose?.())))

for (const { name, factory, plugin } of official) testPlugin(plugin, { factory, ...given[name] })

test("the official plugins contribute something of every kind", () => {
  const kinds = new Set(official.flatMap(({ plugin }) => pluginChecks(plugin).map(({ kind }) => kind)))
  expect([...kinds].sort()).toEqual([
    "actionFormats",
    "algorithms",
    "benchmarks",
    "embedders",
    "engines",
    "filters",
    "jobEngines",
    "judges",
    "models",
    "oracles",
    "outcomeJudges",
    "plugin",
    "retrievers",
    "tools",
  ])
})
