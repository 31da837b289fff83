/** A template of Jinja2, as the sandbox of `transformers` renders it. */
import { fromJavaScript } from "./from-javascript.ts"
import { globals } from "./globals.ts"
import { Scope } from "./scope.ts"
import { StatementParser } from "./statement-parser.ts"

/** Renders with these variables; what they leave out is undefined. */
export type Render = (variables: Readonly<Record<string, unknown>>) => string

const builtIn = new Scope(undefined, new Map(globals))

export function compileTemplate(text: string): Render {
  const body = new StatementParser(text).template()
  return (variables) => {
    const given = new Scope(builtIn)
    for (const [name, value] of Object.entries(variables))
      if (value !== undefined) given.set(name, fromJavaScript(value))
    const output = { text: "" }
    body(given, output)
    return output.text
  }
}
