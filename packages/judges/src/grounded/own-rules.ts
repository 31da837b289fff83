/** Tools' own rules: a verdict by one says what the rule says, and none where the rule cannot say or fails. */
import { errorMessage, type JudgedTool, type JudgeVerdict, type Seen } from "@swirl-ts/core"

type Ruled = JudgedTool & Required<Pick<JudgedTool, "isSupported">>

/** By the name that models call the tool by. */
export type Rules = ReadonlyMap<string, Ruled>

export const rulesOf = (tools: readonly JudgedTool[]): Rules =>
  new Map(
    tools.flatMap(({ name, identity, isSupported }) => (isSupported ? [[name, { name, identity, isSupported }]] : [])),
  )

export async function ownVerdict({ isSupported, identity }: Ruled, input: unknown, seen: Seen): Promise<JudgeVerdict> {
  const unscored = (what: string): JudgeVerdict => ({
    verdict: "unscored",
    reason: `the rule of the tool ${identity} ${what}`,
  })
  let support: unknown
  try {
    support = await isSupported(input, seen)
  } catch (error) {
    return unscored(`failed: ${errorMessage(error)}`)
  }
  if (support === undefined) return unscored("does not say whether this call is supported")
  const { supported, reason } = (support ?? {}) as { supported?: unknown; reason?: unknown }
  if (typeof supported === "boolean" && typeof reason === "string") {
    return { verdict: supported ? "good" : "bad", reason }
  }
  return unscored(
    `gave ${JSON.stringify(support)?.slice(0, 200)} in place of { supported: true or false, reason: text }`,
  )
}
