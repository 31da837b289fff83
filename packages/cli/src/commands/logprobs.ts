import { type OpenModel, SwirlError } from "@swirl-ts/core"
import { openPolicy } from "@swirl-ts/stages"
import { modelOptions } from "../options/tables.ts"
import { tokenIdList } from "../options/values.ts"
import { table } from "../render/table.ts"
import { readScoringInput } from "../scoring-input.ts"
import { defineCommand } from "./command.ts"

/** `swirl logprobs <model>`: with which anybody checks a model against another implementation. */
export const command = defineCommand({
  name: "logprobs",
  description: "the log-probability of every token of a text, of ids or of a conversation, by a model",
  arguments: { model: { help: "nano, local:<directory>, local:<file.gguf>, llama:<file.gguf>, openai:<model>" } },
  options: {
    ids: { value: "<list>", help: "token ids, separated by commas", parse: tokenIdList },
    text: { value: "<text>", help: "a text, begun as the model's tokenizer begins one" },
    messages: {
      value: "<file>",
      help: 'a JSON list of {"role", "content"}, in the model\'s own template; its next turn is opened where the last is not its own',
    },
    ...modelOptions,
  },
  async run(context, { model: name, ids, text, messages }) {
    const input = await readScoringInput({ ids, text, messages }, context.host)
    const open = await openPolicy(context, name)
    try {
      const scored = await scoring(name, open)(input, { abortSignal: context.abortSignal })
      return { model: name, tokens: scored.map(({ id, text, logProbability: logprob }) => ({ id, text, logprob })) }
    } finally {
      await open.close?.()
    }
  },
  text({ tokens }) {
    const scored = tokens.flatMap(({ logprob }) => logprob ?? [])
    const sum = scored.reduce((total, value) => total + value, 0)
    return [
      ...table([
        ["id", "token", "log-probability"],
        ...tokens.map(({ id, text, logprob }) => [
          id === null ? "" : `${id}`,
          JSON.stringify(text),
          logprob === null ? "" : logprob.toFixed(4),
        ]),
      ]),
      scored.length === 0
        ? "No token stands after another: there is nothing to score."
        : `sum ${sum.toFixed(4)}, mean ${(sum / scored.length).toFixed(4)} over ${scored.length} of ${tokens.length} tokens`,
    ]
  },
})

function scoring(name: string, { model }: OpenModel): NonNullable<OpenModel["model"]["score"]> {
  if (model.score) return model.score
  throw new SwirlError(
    `${name} gives no log-probabilities of given tokens. Models that do: nano, local:<directory>, local:<file.gguf>, llama:<file.gguf>, and openai:<model> behind a server that echoes prompts (/completions).`,
    { kind: "usage" },
  )
}
