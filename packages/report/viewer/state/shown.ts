/** The samples of the list that a trajectory was opened from: next and previous are those of it. */
import { signal } from "@preact/signals"

export const shownSamples = signal<Uint32Array | undefined>(undefined)
