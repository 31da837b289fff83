/**
 * A conversation that outgrew the model's context, whoever says so: a local model, a server, a provider of the AI SDK.
 * Past its first turn the policy itself made it so long, and the trajectory ends at a limit.
 */
import { SwirlError } from "../errors.ts"

export class ContextOverflowError extends SwirlError {
  readonly isContextOverflow = true
}

/**
 * How servers word it: codes of OpenAI, llama.cpp, Anthropic, z.ai; the model's length by the names that vLLM, SGLang, TGI,
 * TensorRT-LLM, LM Studio, xAI and others have for it; then sentences of Groq, Gemini, Mistral, Moonshot, DashScope, Perplexity,
 * Cohere. A limit on what is generated alone (`max_tokens is too large`), and one on tokens a minute, is none of these.
 */
const wordings = [
  /context_length_exceeded|exceed_context_size|context_window_exceeded|request_too_large/,
  /context (length|size|window|limit)|max(imum)? (allowed )?(context|model|prompt|input) length|\b(n_ctx|max_seq_len|max_num_tokens)\b/i,
  /\b(input|prompt|length of (all |the |your )?messages)( token count)?( is|\b).{0,60}(too long|too large|exceeds? (the )?(max|limit of)|longer than|supports up to)/i,
  /reduce the length of (the|your) (messages|prompt|input)|exceeded model token limit|range of input length|more than max tokens/i,
  /must have less than \d+ tokens|inputs`? tokens? \+ `?max_new_tokens|number of tokens in the prompt cannot exceed/i,
]

/** Statuses of requests that were refused for what is in them. */
const refusals = [400, 413, 422]

/** Older llama.cpp, llama-cpp-python and Ollama say it as a fault of their own, which may be any other, too. */
const unmistakable =
  /exceed_context_size|context_length_exceeded|exceed\w* (the )?(available |maximum )?context (length|size|window)|context (length|size|window) (has been |is )?exceeded/i

export function isContextOverflow(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false
  const { isContextOverflow: said, statusCode, message, responseBody } = error as Record<string, unknown>
  if (said === true) return true
  const text = [message, responseBody].filter((part) => typeof part === "string").join(" ")
  if (statusCode === 500) return unmistakable.test(text)
  return refusals.includes(statusCode as number) && wordings.some((wording) => wording.test(text))
}
