/**
 * MCP's own result, `{ content: [{ type: "text", … }, …], structuredContent?, isError? }`, as text: its texts as they
 * are, everything that is no text named by kind, media type, size and address. Only exactly this shape is unpacked.
 */
import { z } from "zod"
import { canonicalJson } from "../hash.ts"
import { encodedBytes, mediaNote } from "./bytes-text.ts"
import { valueText } from "./value-text.ts"

/** For clients, not for models. */
const aside = { annotations: z.unknown().optional(), _meta: z.unknown().optional() }

const PartSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string(), ...aside }),
  z.strictObject({ type: z.enum(["image", "audio"]), data: z.string(), mimeType: z.string(), ...aside }),
  z.strictObject({
    type: z.literal("resource"),
    resource: z.strictObject({
      uri: z.string(),
      mimeType: z.string().optional(),
      text: z.string().optional(),
      blob: z.string().optional(),
      ...aside,
    }),
    ...aside,
  }),
  z.strictObject({
    type: z.literal("resource_link"),
    uri: z.string(),
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    mimeType: z.string().optional(),
    size: z.number().optional(),
    icons: z.unknown().optional(),
    ...aside,
  }),
])
const ResultSchema = z.strictObject({
  content: z.array(PartSchema),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
  _meta: z.unknown().optional(),
})

export type McpResult = z.infer<typeof ResultSchema>

/** Undefined for every other value, also for one with nothing in it. */
export function asMcpResult(value: unknown): McpResult | undefined {
  const result = ResultSchema.safeParse(value).data
  return result && (result.content.length > 0 || result.structuredContent) ? result : undefined
}

export function mcpText({ content, structuredContent }: McpResult): string {
  const texts = content.map(partText)
  const told =
    structuredContent === undefined ||
    texts.some((text) => isJsonOf(text, structuredContent)) ||
    isWrapped(texts.join("\n"), structuredContent)
  return [...texts, ...(told ? [] : [valueText(structuredContent)])].join("\n")
}

function partText(part: z.infer<typeof PartSchema>): string {
  switch (part.type) {
    case "text":
      return part.text
    case "image":
    case "audio":
      return mediaNote(part.type, part.mimeType, encodedBytes(part.data))
    case "resource": {
      const { uri, mimeType, text, blob } = part.resource
      const note = mediaNote("resource", uri, mimeType, blob === undefined ? undefined : encodedBytes(blob))
      return text === undefined ? note : `${note}\n${text}`
    }
    case "resource_link":
      return mediaNote("resource link", part.title, part.name, part.description, part.uri, part.mimeType, part.size)
  }
}

/** Servers are asked to say structured content once more as a text. */
function isJsonOf(text: string, value: object): boolean {
  try {
    return canonicalJson(JSON.parse(text)) === canonicalJson(value)
  } catch {
    return false
  }
}

/** Others wrap the one text that they say, e.g. `{ content: "…" }`. */
function isWrapped(text: string, value: object): boolean {
  const fields = Object.values(value)
  return fields.length === 1 && typeof fields[0] === "string" && fields[0].trim() === text.trim()
}
