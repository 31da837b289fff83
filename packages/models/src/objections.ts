/**
 * What strict servers refuse of a request, and the form of it that they take. A request is sent as most servers have it;
 * one that is refused for its form is sent once more in another, which stays once it was taken. Only forms are changed,
 * never what is asked: a temperature that is refused is said, not left out.
 */
import { contentHash } from "@swirl-ts/core"
import { HttpError, isObject } from "@swirl-ts/kit"

type Body = Record<string, unknown>

interface Objection {
  isMeant(refusal: string): boolean
  /** The other form; undefined where the request has nothing of the kind. */
  adapt(body: Body): Body | undefined
}

/** A turn of the model with calls, put otherwise. */
const turnsWithCalls = (
  body: Body,
  isMeant: (turn: Body) => boolean,
  change: (turn: Body) => Body,
): Body | undefined => {
  const messages = body.messages as Body[]
  const meant = (turn: Body): boolean => isObject(turn) && turn.tool_calls !== undefined && isMeant(turn)
  return messages.some(meant)
    ? { ...body, messages: messages.map((turn) => (meant(turn) ? change(turn) : turn)) }
    : undefined
}

const without = (field: string): Objection => ({
  isMeant: (refusal) => new RegExp(`\\b${field}\\b`).test(refusal),
  adapt: ({ [field]: value, ...rest }) => (value === undefined ? undefined : rest),
})

/** Of chunks, those that are text; thoughts stay behind. */
const textOf = (content: unknown): string =>
  Array.isArray(content) ? content.flatMap(({ type, text }) => (type === "text" ? [text] : [])).join("") : ""

/** Ids of nine letters and digits; equal ones stay equal. */
function withShortIds(body: Body): Body | undefined {
  const short = (id: unknown): unknown =>
    typeof id === "string" && !/^[a-z0-9]{9}$/i.test(id) ? contentHash(id, 9) : id
  const messages = (body.messages as Body[]).map((message) => {
    const { tool_calls: calls, tool_call_id: answered } = message
    if (Array.isArray(calls)) return { ...message, tool_calls: calls.map((call) => ({ ...call, id: short(call.id) })) }
    return answered === undefined ? message : { ...message, tool_call_id: short(answered) }
  })
  return JSON.stringify(messages) === JSON.stringify(body.messages) ? undefined : { ...body, messages }
}

const objections: readonly Objection[] = [
  {
    // Models of Mistral, whoever serves them: "Tool call id was call_0 but must be a-z, A-Z, 0-9, with a length of 9."
    isMeant: (refusal) => /tool.?call.?id/i.test(refusal) && /length of 9/i.test(refusal),
    adapt: withShortIds,
  },
  {
    // OpenAI's newer models behind other addresses, such as Azure's.
    isMeant: (refusal) => /\bmax_tokens\b.{0,20}not supported/.test(refusal),
    adapt: ({ max_tokens: limit, ...rest }) =>
      limit === undefined ? undefined : { ...rest, max_completion_tokens: limit },
  },
  {
    // Mistral's API: "Assistant message must have either content or tool_calls, but not both."
    isMeant: (refusal) => /content/i.test(refusal) && /tool.?calls?/i.test(refusal),
    adapt: (body) =>
      turnsWithCalls(
        body,
        ({ content }) => Array.isArray(content) || (typeof content === "string" && content !== ""),
        (turn) => ({ ...turn, content: null }),
      ),
  },
  {
    isMeant: (refusal) => /content/i.test(refusal),
    adapt: (body) =>
      turnsWithCalls(
        body,
        ({ content }) => typeof content !== "string",
        (turn) => ({ ...turn, content: textOf(turn.content) }),
      ),
  },
  without("parallel_tool_calls"),
  without("seed"),
]

const isRefused = (error: unknown): error is HttpError =>
  error instanceof HttpError && (error.statusCode === 400 || error.statusCode === 422)

const wordsOf = ({ message, responseBody = "", parameter = "" }: HttpError): string =>
  [message, responseBody, parameter].join(" ")

/** The refusal of a temperature as a usage error: it would come for every question alike. */
function temperatureRefused(error: unknown, body: Body): HttpError | undefined {
  const { temperature } = body
  if (!isRefused(error) || temperature === undefined || !/\btemperature\b/i.test(wordsOf(error))) return undefined
  const { isRetryable, statusCode, responseHeaders, responseBody } = error
  return new HttpError(
    `The model takes no temperature of ${temperature}. Leave it out (--temperature none; of a judge: --judge-option temperature=null) or give the one that it takes. ${error.message}`,
    { isRetryable, statusCode, responseHeaders, responseBody, parameter: "temperature", kind: "usage", cause: error },
  )
}

/** A `post` that knows what its server has refused before. */
export function insisting<R, More extends unknown[]>(
  send: (body: Body, ...more: More) => Promise<R>,
): (body: Body, ...more: More) => Promise<R> {
  let known: readonly Objection[] = []
  const shaped = (body: Body, forms: readonly Objection[]): Body =>
    forms.reduce((shape, objection) => objection.adapt(shape) ?? shape, body)
  return async (body, ...more) => {
    let forms = known
    for (;;) {
      const shape = shaped(body, forms)
      try {
        const reply = await send(shape, ...more)
        known = objections.filter((each) => known.includes(each) || forms.includes(each))
        return reply
      } catch (error) {
        const refused = temperatureRefused(error, shape)
        if (refused) throw refused
        const words = isRefused(error) ? wordsOf(error) : undefined
        const next = objections.find(
          (each) => words !== undefined && !forms.includes(each) && each.isMeant(words) && each.adapt(shape),
        )
        if (!next) throw error
        forms = [...forms, next]
      }
    }
  }
}
