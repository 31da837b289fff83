/** Which parameter of a built-in function takes what of a call, as Python binds them. */
import { fail } from "./errors.ts"
import type { Arguments, Value } from "./values.ts"

export const noArguments: Arguments = { given: [], named: new Map() }

/** Of each parameter what was given, in their order. */
export type Bind = (args: Arguments) => (Value | undefined)[]

/** Parameters as in `sep? maxsplit?`: `?` for one that can be left out; those before a `/` have no name for the caller. */
export function signature(of: string, parameters: string): Bind {
  const words = parameters.split(" ").filter((word) => word !== "")
  const nameless = words.indexOf("/")
  const all = words
    .filter((word) => word !== "/")
    .map((word) => ({ name: word.replace("?", ""), isOptional: word.endsWith("?") }))
  const places = new Map(all.map(({ name }, index) => [name, index]).slice(Math.max(0, nameless)) as [string, number][])
  return ({ given, named }) => {
    if (given.length > all.length) fail(`${of} takes at most ${all.length} arguments, and got ${given.length}`)
    const bound: (Value | undefined)[] = [...given]
    for (const [name, value] of named) {
      const place = places.get(name) ?? fail(`${of} has no argument named ${name}`)
      if (bound[place] !== undefined) fail(`${of} was given ${name} twice`)
      bound[place] = value
    }
    all.forEach(({ name, isOptional }, index) => {
      if (!isOptional && bound[index] === undefined) fail(`${of} needs the argument ${name}`)
    })
    return bound
  }
}
