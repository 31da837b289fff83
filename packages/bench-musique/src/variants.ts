/** MuSiQue-Ans and MuSiQue-Full share names, fields and ids: which one a file is, only its records say. */
import type { Placed } from "@swirl-ts/bench-kit"
import { type Host, SwirlError } from "@swirl-ts/core"
import type { Variant } from "./files.ts"
import type { MusiqueRecord } from "./record.ts"

/** The same records, unless they are of the other variant. The host is told of synthetic ones. `hidden`: no answers here. */
export async function* ofVariant(
  variant: Variant,
  records: AsyncIterable<Placed<MusiqueRecord>>,
  { files, hidden, host }: { files: readonly string[]; hidden: boolean; host: Pick<Host, "log"> },
): AsyncGenerator<Placed<MusiqueRecord>> {
  let [unanswerable, synthetic] = [false, false]
  for await (const placed of records) {
    const { record, where } = placed
    if (variant === "ans" && !record.answerable) {
      throw new SwirlError(`${where}: the record is unanswerable, so this is a file of twins: ask for musique-full.`)
    }
    if (record.synthetic && !synthetic) {
      host.log(`${where}: SYNTHETIC records, made from MuSiQue-Ans by swirl-ts: no result on them is MuSiQue-Full's.`)
    }
    unanswerable ||= !record.answerable
    synthetic ||= record.synthetic
    yield placed
  }
  if (variant === "full" && !hidden && !unanswerable) {
    throw new SwirlError(
      `${files.join(", ")} holds no unanswerable record, so it is MuSiQue-Ans: ask for musique, or make labelled synthetic twins with musique({ syntheticFull: true }).`,
    )
  }
}
