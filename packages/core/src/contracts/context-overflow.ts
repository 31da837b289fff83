/**
 * A conversation that outgrew the model's context, whoever says so: a local model, a server, a provider of the AI SDK.
 * Past its first turn the policy itself made it so long, and the trajectory ends at a limit.
 */
import { SwirlError } from "../errors.ts"

export class ContextOverflowError extends SwirlError {
  readonly isContextOverflow = true
}

/**
 * How servers word it: codes of OpenAI and llama.cpp, then sentences of vLLM, SGLang, TGI, Mistral, Gemini, Anthropic.
 * A limit on what is generated alone (`max_tokens is too large`) is none of these.
 */
const wordings = [
  /context_length_exceeded|exceed_context_size|context_window_exceeded/,
  /maximum (context|model) length|context (length|size|window)/i,
  /(input|prompt)( token count)?( is|\b).{0,60}(too long|too large|exceeds? the maximum|longer than)/i,
  /must have less than \d+ tokens|inputs`? tokens? \+ `?max_new_tokens/i,
]

/** Statuses of requests that were refused for what is in them. */
const refusals = [400, 413, 422]

export function isContextOverflow(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false
  const { isContextOverflow: said, statusCode, message, responseBody } = error as Record<string, unknown>
  if (said === true) return true
  const text = [message, responseBody].filter((part) => typeof part === "string").join(" ")
  return refusals.includes(statusCode as number) && wordings.some((wording) => wording.test(text))
}
