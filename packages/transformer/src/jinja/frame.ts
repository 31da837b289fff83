/**
 * A part of a template that has variables of its own. As Jinja2 compiles it, a name that is set in a part before it is read in
 * that very part is undefined from its beginning, also for parts inside of it and whatever was given to the template.
 */
import { Scope } from "./scope.ts"
import { Undefined } from "./values.ts"

export class Frame {
  private readonly outer: Frame | undefined
  private readonly names = new Set<string>()
  private readonly setFirst: string[] = []
  private missing: readonly (readonly [string, Undefined])[] | undefined

  constructor(outer?: Frame) {
    this.outer = outer
  }

  reads(name: string): void {
    this.names.add(name)
  }

  /** What is perhaps not set, inside of an `if`, is what it was outside until then. */
  sets(name: string, isCertain: boolean): void {
    if (isCertain && !this.names.has(name)) this.setFirst.push(name)
    this.names.add(name)
  }

  private knows(name: string): boolean {
    return this.names.has(name) || (this.outer?.knows(name) ?? false)
  }

  /** The scope of one run through the part; parts around it have been read to their end by then. */
  open(around: Scope): Scope {
    this.missing ??= this.setFirst
      .filter((name) => !this.outer?.knows(name))
      .map((name) => [name, new Undefined(`${name} is undefined`)])
    const scope = new Scope(around)
    for (const [name, value] of this.missing) scope.set(name, value)
    return scope
  }
}
