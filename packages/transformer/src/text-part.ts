/**
 * The text part of a checkpoint that sees images, too (Gemma 3 from 4 B on), under the names of a text model. Invariant: what a
 * text model has no use for is left out, all else keeps its name.
 */
type Json = Readonly<Record<string, unknown>>

/** model_type of the whole, and of its text part by itself. */
const textParts: Readonly<Record<string, string>> = { gemma3: "gemma3_text" }
/** Fields of the whole that its text part goes by. */
const shared = ["tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id"]

/** The config of the text part; another config as it is. */
export function textPartConfig(json: unknown): unknown {
  const { model_type: type, text_config: text, ...whole } = (json ?? {}) as Json
  const modelType = textParts[String(type)]
  if (modelType === undefined || typeof text !== "object" || text === null) return json
  const outer = Object.entries(whole).filter(([name, value]) => shared.includes(name) && value != null)
  return { tie_word_embeddings: true, ...text, ...Object.fromEntries(outer), model_type: modelType }
}

/** The name that a tensor has in the text model; undefined where it has none there. */
export function textPartName(name: string): string | undefined {
  if (/^(model\.)?(vision_tower|multi_modal_projector)\./.test(name)) return undefined
  // Before and since transformers 4.52.
  return name.replace(/^language_model\./, "").replace(/^model\.language_model\./, "model.")
}
