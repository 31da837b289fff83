/** The tasks of a split, streamed from its records: as many as are asked for, no id twice. */
import { type LoadOptions, SwirlError, type Task } from "@swirl-ts/core"
import type { Placed } from "./records-of.ts"

/** `make` gives no task for a record that is left out. Nothing is held but the ids seen. */
export async function* tasksOf<R, T extends Task>(
  records: AsyncIterable<Placed<R>>,
  { limit = Number.POSITIVE_INFINITY, abortSignal }: Pick<LoadOptions, "limit" | "abortSignal">,
  make: (record: R, where: string) => T | undefined,
): AsyncGenerator<T> {
  if (limit <= 0) return
  const places = new Map<string, string>()
  for await (const { record, where } of records) {
    abortSignal?.throwIfAborted()
    const task = make(record, where)
    if (!task) continue
    const earlier = places.get(task.id)
    if (earlier !== undefined) {
      throw new SwirlError(
        `${where}: the id ${task.id} was there before, at ${earlier}. Take one of the records out.`,
        {
          kind: "usage",
        },
      )
    }
    places.set(task.id, where)
    yield task
    if (places.size >= limit) return
  }
}
