/**
 * Content of messages that is a text or a list of parts, as all of these formats have it. Text is kept; a thought is kept apart;
 * of anything else a note stands in its place, so that a reader sees that something was there, and it is counted.
 */
import type { Losses } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { countLoss } from "./losses.ts"

export interface ReadContent {
  text: string
  thoughts: string[]
}

/** `between`: what stands between two texts. */
export function readContent(content: unknown, lost: Losses, between = "\n"): ReadContent {
  if (typeof content === "string") return { text: content, thoughts: [] }
  if (content === null || content === undefined) return { text: "", thoughts: [] }
  if (!Array.isArray(content)) return { text: JSON.stringify(content), thoughts: [] }
  const texts: string[] = []
  const thoughts: string[] = []
  for (const part of content as unknown[]) {
    if (typeof part === "string") texts.push(part)
    else if (isObject(part)) readPart(part, { texts, thoughts, lost })
    else countLoss(lost, "parts of a message that are neither text nor object")
  }
  return { text: texts.filter((text) => text !== "").join(between), thoughts: thoughts.filter((text) => text !== "") }
}

const textTypes = ["text", "input_text", "output_text", "refusal"]
const thoughtTypes = ["reasoning", "thinking", "redacted_thinking", "redacted-reasoning"]

function readPart(
  part: Record<string, unknown>,
  { texts, thoughts, lost }: { texts: string[]; thoughts: string[]; lost: Losses },
): void {
  const type = typeof part.type === "string" ? part.type : ""
  if (textTypes.includes(type)) {
    const text = part.text ?? part.refusal
    texts.push(typeof text === "string" ? text : "")
    return
  }
  if (thoughtTypes.includes(type)) {
    const summary = typeof part.summary === "string" ? part.summary : undefined
    const said = [part.reasoning, part.thinking, part.text].find((each) => typeof each === "string")
    const isHidden = part.redacted === true || said === undefined || said === ""
    if (isHidden) countLoss(lost, "thoughts that are encrypted or empty")
    if (isHidden ? summary : said) thoughts.push((isHidden ? summary : said) as string)
    return
  }
  const kind = type.replace(/^input_/, "").replace(/_url$/, "") || "part"
  countLoss(lost, `${kind} parts (a note stands in their place)`)
  texts.push(`[${kind}]`)
}
