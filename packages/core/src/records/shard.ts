/**
 * A shard: the i-th of n parts of a run, by task, made by a command of its own in a folder of its own. Task k of the data
 * (from 0) is in shard k mod n + 1, with all its samples: every part is as large as the others to within one task, and
 * whoever reads the same data agrees.
 */
export interface Shard {
  /** From 1. */
  index: number
  count: number
}

/** `2/4` is the second of four. */
export const shardName = ({ index, count }: Shard): string => `${index}/${count}`

/** Undefined for what names no shard. */
export function readShard(text: string): Shard | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const [index, count] = [Number(match?.[1]), Number(match?.[2])]
  return match && index >= 1 && index <= count && Number.isSafeInteger(count) ? { index, count } : undefined
}

/** Whether it holds the task at this place, from 0. */
export const isInShard = ({ index, count }: Shard, place: number): boolean => place % count === index - 1
