/** What was asked for on the command line, checked: an unknown kind or option says what was probably meant. */
import { parseArgs } from "node:util"
import { errorMessage, SwirlError, suggestion } from "@swirl-ts/core"
import { type KindName, kindNames, kinds } from "./kinds.ts"

export interface Asked {
  name?: string
  kind?: KindName
  help: boolean
}

const options = { kind: { type: "string" }, help: { type: "boolean", short: "h" } } as const

export function readCommandLine(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args)
  const [name, ...others] = positionals
  if (others.length > 0) {
    throw usage(
      `One name is enough: ${name}. What should ${others.join(" ")} be? A kind is given by --kind, and npm hands on only what stands behind --: npm create @swirl-ts/plugin ${name} -- --kind tool`,
    )
  }
  return { name, kind: values.kind === undefined ? undefined : readKind(values.kind), help: values.help === true }
}

export function readKind(text: string): KindName {
  if (Object.hasOwn(kinds, text)) return text as KindName
  throw usage(`There is no kind "${text}".${suggestion(text, kindNames)}`)
}

function parsed(args: readonly string[]) {
  try {
    // npm needs a `--` before the options, pnpm hands it on.
    return parseArgs({ args: args.filter((each) => each !== "--"), options, allowPositionals: true, strict: true })
  } catch (error) {
    const given = /'(-[^' ]+)/.exec(errorMessage(error))?.[1] ?? args.join(" ")
    if (given === "--kind") throw usage(`--kind needs a kind: ${kindNames.join(", ")}.`)
    throw usage(
      `There is no option ${given}.${suggestion(
        given,
        Object.keys(options).map((name) => `--${name}`),
      )}`,
    )
  }
}

export const usage = (sentence: string): SwirlError => new SwirlError(sentence, { kind: "usage" })

export const helpText = `Makes a package with a plugin of your own for swirl-ts.

  npm create @swirl-ts/plugin my-tool -- --kind tool
  pnpm create @swirl-ts/plugin my-tool --kind tool

Name: a package's, with a scope (@me/my-tool) or without. Its folder is made in the working directory.
Kinds:
${kindNames.map((name) => `  ${name.padEnd(15)}${kinds[name].what}`).join("\n")}

On a terminal, what is not given is asked for.
`
