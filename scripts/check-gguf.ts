/** What check-gguf.py asks of a GGUF file: a question as JSON on standard input, the answer as the last line of output. */
import { text } from "node:stream/consumers"
import { forward, initBackend, loadModel, loadTokenizer, logProbabilities } from "@swirl-ts/transformer"

const { file, texts, conversation, weights } = JSON.parse(await text(process.stdin)) as {
  file: string
  texts: string[]
  conversation: { role: string; content: string }[]
  weights: boolean
}
const tokenizer = loadTokenizer(file)
const prompt = tokenizer.applyChatTemplate?.(conversation) ?? ""
const answer: Record<string, unknown> = { ids: texts.map((each) => tokenizer.encode(each)), prompt }
if (weights) {
  await initBackend("native", { peersDirectory: ".swirl/peers" })
  const model = loadModel(file)
  const ids = tokenizer.encode(prompt)
  const logits = forward(model, ids)
  const { vocabularySize } = model.config
  const values = logits.dataSync() as Float32Array
  answer.best = ids.map((_, at) => {
    const row = values.subarray(at * vocabularySize, (at + 1) * vocabularySize)
    return row.reduce((best, value, index) => (value > row[best]! ? index : best), 0)
  })
  answer.logProbabilities = [...(logProbabilities(model, [ids])[0] ?? [])]
}
console.log(JSON.stringify(answer))
