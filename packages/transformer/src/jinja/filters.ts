/** All filters by name. */
import type { Filter } from "./filter.ts"
import { numberFilters } from "./number-filters.ts"
import { selectionFilters } from "./selection-filters.ts"
import { sequenceFilters } from "./sequence-filters.ts"
import { textFilters } from "./text-filters.ts"
import { valueFilters } from "./value-filters.ts"

const all: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...valueFilters, ...numberFilters, ...textFilters, ...sequenceFilters, ...selectionFilters }),
)

export const filterOf = (name: string): Filter | undefined => all.get(name)
