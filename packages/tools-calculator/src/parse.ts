/**
 * mathjs' parser and nothing else of it. The published package has this file with what it takes from mathjs in it: all of the
 * library is 900 modules, which cost every command that loads the calculator 50 MB and a quarter of a second.
 */
import { create, parseDependencies } from "mathjs/number"

const { parse: parseWith } = create(parseDependencies!)
parseWith("1") // mathjs builds its parser on first use; that belongs to loading, not to the first expression

/** The syntax tree of an expression, as mathjs' nodes; throws its SyntaxError. */
export const parse: (expression: string) => unknown = parseWith
