/** What a contrast is called: whether it was declared before there were results is part of what it says. */
import type { ContrastResult } from "@swirl-ts/core"

export const contrastsTitle = (contrasts: readonly ContrastResult[]): string =>
  contrasts.every(({ declared }) => declared === "before") ? "Contrasts declared before the run" : "Contrasts"

export const contrastName = ({ name, declared }: ContrastResult): string =>
  declared === "after" ? `${name} (added after results were there)` : name
