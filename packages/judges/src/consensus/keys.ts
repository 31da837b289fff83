/** When two answers, and two results, are the same: by the benchmark's and the tool's own word, else as numbers or as words. */
import type { JudgeContext, Observation } from "@swirl-ts/core"

export interface Keys {
  /** Undefined for an answer that says nothing. */
  ofAnswer(answer: string): string | undefined
  /** What a result says; of each tool its own. */
  ofResult(tool: string, text: Observation["text"]): string[]
}

export function keysOf({ tools = [], answers }: Pick<JudgeContext, "tools" | "answers"> = {}): Keys {
  const own = new Map(tools.flatMap(({ name, resultKeys }) => (resultKeys ? [[name, resultKeys]] : [])))
  return {
    ofAnswer: (answer) => (answers ? answers.keyOf(answer) : plainKey(answer)),
    ofResult(tool, text) {
      const keys = own.get(tool)?.(text) ?? [plainKey(text)].filter((key) => key !== undefined)
      return keys.map((key) => JSON.stringify([tool, key]))
    },
  }
}

const number = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/

/** A number to four decimals, else the words in small letters; undefined where there are none. */
export function plainKey(text: string): string | undefined {
  const plain = text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()
  if (!number.test(plain)) return plain === "" ? undefined : plain
  const rounded = Math.round(Number(plain) * 1e4) / 1e4
  // Beyond what is counted in ten-thousandths, the number itself.
  return String((Number.isFinite(rounded) ? rounded : Number(plain)) + 0)
}
