import { searchCorpus } from "@swirl-ts/stages"
import { retrieverOptions } from "../options/tables.ts"
import { positive } from "../options/values.ts"
import { defineCommand } from "./command.ts"

/** Characters of a passage that people see; `--json` has all of it. */
const shown = 240

export const command = defineCommand({
  name: "search",
  description: "ranked passages with their scores",
  arguments: {
    corpus: { help: 'a file of {"title", "text"} lines, or a benchmark' },
    query: { help: "what to look for" },
  },
  options: {
    count: { value: "<n>", short: "-k", help: "passages", parse: positive, default: 10 },
    ...retrieverOptions,
  },
  async run(context, request) {
    const { retriever, ...found } = await searchCorpus(context, request)
    context.say(`${retriever}; ${found.milliseconds.toFixed(1)} ms`)
    return found
  },
  text: ({ query, passages }) =>
    passages.length === 0
      ? `No passage matches "${query}".`
      : passages.map(({ rank, score, title, text }) => {
          const line = `${title}: ${text}`.replace(/\s+/g, " ")
          return `${String(rank).padStart(3)}  ${score.toFixed(4)}  ${line.length > shown ? `${line.slice(0, shown)}…` : line}`
        }),
})
