/** Lines of records that nobody needs any more, collected until it is worth writing their file anew without them. */
import { inOrder, type Place } from "./cut-lines.ts"

/** A file is not written anew for fewer bytes. */
const least = 1 << 20

export class DroppedLines {
  #places: Place[] = []
  #bytes = 0

  get places(): readonly Place[] {
    return this.#places
  }

  /** `place` has to be on disk. */
  add(place: Place): void {
    this.#places.push(place)
    this.#bytes += place.length + 1
  }

  /** Of a file of so many bytes: what is copied is never more than what goes. */
  isWorthCutting(size: number): boolean {
    return this.#bytes >= least && 2 * this.#bytes >= size
  }

  /** All of them; from now on there are none. */
  take(): Place[] {
    const places = this.#places
    this.#places = []
    this.#bytes = 0
    return places
  }
}

/** Moves places to where they are once `lines` are cut. */
export function shift(places: readonly Place[], lines: readonly Place[]): void {
  const cut = inOrder(lines)
  let next = 0
  let gone = 0
  for (const place of inOrder(places)) {
    for (; next < cut.length && cut[next]!.start < place.start; next++) gone += cut[next]!.length + 1
    place.start -= gone
  }
}
