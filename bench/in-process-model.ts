/**
 * A model in the process that takes no time, as a plugin: `fake:calc` calls the calculator twice and answers; what it writes is a
 * function of conversation and seed. For commands: `--plugin bench/in-process-model.ts`.
 */
import { contentHash, definePlugin, type LanguageModel } from "@swirl-ts/core"

const model: LanguageModel = {
  specificationVersion: "v3",
  provider: "bench",
  modelId: "calc",
  async doGenerate({ prompt, seed = 0 }) {
    const question = JSON.stringify(prompt[0])
    const numbers = question.match(/\d+/g) ?? ["1"]
    const turns = prompt.filter(({ role }) => role === "assistant").length
    const draw = Number.parseInt(contentHash([question, seed], 4), 16)
    const number = numbers[draw % numbers.length]
    const text =
      turns < 2 ? ` next <math_exp> ${number} + ${numbers[0]} </math_exp>` : ` so <answer> ${number} </answer>`
    return { content: [{ type: "text", text }], finishReason: "stop", usage: { inputTokens: 40, outputTokens: 8 } }
  },
}

export default () =>
  definePlugin({
    meta: { name: "bench", version: "1.0.0", apiVersion: 1 },
    models: { fake: { description: "", open: async () => ({ model, identity: "calc" }) } },
  })
