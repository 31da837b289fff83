/** Parts of a template after parsing: functions of the scope in which they stand. */
import type { Scope } from "./scope.ts"
import type { Value } from "./values.ts"

export interface Expression {
  (scope: Scope): Value
  /** Of a call: the same call with a `caller`, which `call` blocks add. */
  withCaller?: (scope: Scope, caller: Value) => Value
}

/** What is written, in order. */
export interface Output {
  text: string
}

/** How a statement ends: the loop around it goes on, begins its next turn, or is over. */
export type Ending = undefined | "break" | "continue"

export type Statement = (scope: Scope, output: Output) => Ending

/** One of a macro; `otherwise` is its value where it is not given. */
export interface Parameter {
  name: string
  otherwise?: Expression
}
