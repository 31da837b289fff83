/** When a contrast was declared: one that comes after results were there was chosen by somebody who may have seen them. */
import type { ContrastResult, Matrix } from "@swirl-ts/core"

/** `earlier`: the matrix that the folder has. A document of before this was recorded says nothing of its own contrasts. */
export function whenDeclared(
  contrasts: readonly ContrastResult[],
  earlier: Pick<Matrix, "contrasts"> | undefined,
): ContrastResult[] {
  const known = new Map((earlier?.contrasts ?? []).map((contrast) => [identityOf(contrast), contrast.declared]))
  return contrasts.map((contrast) => {
    const identity = identityOf(contrast)
    const declared = !earlier ? "before" : known.has(identity) ? known.get(identity) : "after"
    return { ...contrast, declared }
  })
}

const identityOf = ({ name, of, against, asked }: ContrastResult): string => JSON.stringify([name, of, against, asked])
