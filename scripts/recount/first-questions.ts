/**
 * Which were the first questions of a split is no guess: their prompts, in an order in which they may have been asked, have the
 * digest that `run.json` says.
 */
import { createHash } from "node:crypto"
import { isRaw } from "./raw.ts"

/** Of so many first ones their ids; undefined where the records do not say which they are. */
export function firstQuestions(
  ids: readonly string[],
  prompts: ReadonlyMap<unknown, unknown>,
  digest: string,
): (count: number) => ReadonlySet<string> | undefined {
  const all = [...new Set([...ids, ...[...prompts.keys()].map(String)])]
  const texts = new Map([...prompts].map(([id, prompt]) => [id, sorted(prompt)]))
  const number = (id: string): number => Number(/(\d+)\D*$/.exec(id)?.[1])
  const known = Number.parseInt(digest, 10)
  const order = [all, all.toSorted((a, b) => number(a) - number(b)), all.toSorted()]
    .map((each) => each.slice(0, known))
    .find((each) => prefixDigest(each.map((id) => texts.get(id) ?? "")) === digest)
  return (count) => (order && count <= known ? new Set(order.slice(0, count)) : undefined)
}

const prefixDigest = (texts: readonly string[]): string => {
  const all = texts.map((each) => `${each.length} ${each}\n`).join("")
  return `${texts.length}:${createHash("sha256").update(all).digest("hex").slice(0, 16)}`
}

/** JSON with the fields in order of their names. */
function sorted(value: unknown): string {
  const order = (each: unknown): unknown =>
    Array.isArray(each)
      ? each.map(order)
      : isRaw(each)
        ? Object.fromEntries(
            Object.entries(each)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, inner]) => [name, order(inner)]),
          )
        : each
  return JSON.stringify(order(value))
}
