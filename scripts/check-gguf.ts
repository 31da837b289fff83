/**
 * What check-gguf.py asks of a GGUF file: a question as JSON on standard input, the answer as the last line of output.
 * Texts and a conversation are answered with their tokens, ids with the best token behind each.
 */
import { text } from "node:stream/consumers"
import { forward, initBackend, loadModel, loadTokenizer, type Precision } from "@swirl-ts/transformer"

type Question = { file: string } & (
  | { texts: string[]; conversation: { role: string; content: string }[] }
  | { ids: number[]; precision: Precision }
)

const question = JSON.parse(await text(process.stdin)) as Question
console.log(JSON.stringify("ids" in question ? await bestTokens(question) : tokens(question)))

function tokens({ file, texts, conversation }: Extract<Question, { texts: string[] }>) {
  const tokenizer = loadTokenizer(file)
  const prompt = tokenizer.applyChatTemplate?.(conversation) ?? ""
  return { ids: texts.map((each) => tokenizer.encode(each)), prompt }
}

async function bestTokens({ file, ids, precision }: Extract<Question, { ids: number[] }>) {
  await initBackend("native", { peersDirectory: ".swirl/peers" })
  const model = loadModel(file, { precision })
  const { vocabularySize } = model.config
  const values = forward(model, ids).dataSync() as Float32Array
  const best = ids.map((_, at) => {
    const row = values.subarray(at * vocabularySize, (at + 1) * vocabularySize)
    return row.reduce((best, value, index) => (value > row[best]! ? index : best), 0)
  })
  return { best }
}
