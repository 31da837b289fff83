/**
 * `toModelOutput` of an AI SDK tool: what the tool itself says its output is to the model.
 * Version 5 gives it the output alone, later ones `{ toolCallId, input, output }`; a tool does not say which it was
 * written for, so it is watched: whoever reads these three and nothing else expects them.
 */
import { encodedBytes, mediaNote } from "./bytes-text.ts"
import { valueText } from "./value-text.ts"

type ToModelOutput = (output: never) => unknown

/** What a version 6 or 7 tool is handed. */
export interface ModelOutputOptions {
  toolCallId: string
  input: unknown
  output: unknown
}

/** Undefined where the tool says nothing that can be read; throws what both ways of calling it throw. */
export async function modelOutput(
  toModelOutput: ToModelOutput,
  options: ModelOutputOptions,
): Promise<{ text: string; isError: boolean } | undefined> {
  const watched = watch(options)
  const first = await settled(() => toModelOutput(watched.options as never))
  const isLater = watched.asExpected()
  const read = isLater && first.status === "fulfilled" ? outputText(first.value) : undefined
  if (read) return read
  const second = await settled(() => toModelOutput(options.output as never))
  if (second.status === "fulfilled") return outputText(second.value)
  if (!isLater) throw second.reason
  if (first.status === "rejected") throw first.reason
  return undefined
}

const settled = async (say: () => unknown): Promise<PromiseSettledResult<unknown>> =>
  (await Promise.allSettled([(async () => say())()]))[0]

/** `asExpected`: one of the three was read first, and never anything else. */
function watch(options: ModelOutputOptions): { options: ModelOutputOptions; asExpected(): boolean } {
  const uses: boolean[] = []
  const proxy = new Proxy(options, {
    get(target, key) {
      uses.push(typeof key === "string" && Object.hasOwn(target, key))
      return Reflect.get(target, key)
    },
    ownKeys(target) {
      // `({ output, ...others })` reads what it names before it asks for the others.
      uses.push(uses.length > 0)
      return Reflect.ownKeys(target)
    },
  })
  return { options: proxy, asExpected: () => uses.length > 0 && !uses.includes(false) }
}

function outputText(output: unknown): { text: string; isError: boolean } | undefined {
  if (typeof output !== "object" || output === null) return undefined
  const { type, value, reason } = output as Record<string, unknown>
  if (type === "text" || type === "error-text") {
    return typeof value === "string" ? { text: value, isError: type === "error-text" } : undefined
  }
  if (type === "json" || type === "error-json") {
    const text = typeof value === "string" ? value : valueText(value)
    return { text, isError: type === "error-json" }
  }
  if (type === "execution-denied") return { text: `error: ${reason ?? "the call was denied"}`, isError: true }
  if (type !== "content" || !Array.isArray(value) || value.length === 0) return undefined
  return { text: value.map((part) => partText(part as ContentPart)).join("\n"), isError: false }
}

/** Of any version: `text`, `media`, `file`, `file-data`, `file-url`, `image-data`, … */
interface ContentPart {
  type: string
  text?: unknown
  data?: unknown
  mediaType?: string
  filename?: string
  url?: unknown
}

function partText(part: ContentPart): string {
  const { type, text, data, mediaType, filename, url } = part
  if (type === "text" && typeof text === "string") return text
  if (typeof data === "string") return mediaNote(type, filename, mediaType, encodedBytes(data))
  if (url !== undefined) return mediaNote(type, filename, mediaType, String(url))
  if (type !== "file" || typeof data !== "object" || data === null) return valueText(part)
  // Version 7 tags what a file's data is.
  const file = data as ContentPart
  if (file.type === "text" && typeof file.text === "string")
    return `${mediaNote(type, filename, mediaType)}\n${file.text}`
  return partText({ ...file, type, mediaType, filename })
}
