/** One package name gives all others: its folder, the plugin's name, and the name of the function that makes the plugin. */
import { SwirlError, slug } from "@swirl-ts/core"

export interface Names {
  /** As npm knows it, e.g. `@me/unit-tools`. */
  package: string
  /** `unit-tools` */
  folder: string
  /** The owner part of full names, e.g. `unit-tools` in `unit-tools/convert`. */
  plugin: string
  /** `unitTools` */
  factory: string
}

/** npm's rule for new packages; dots and tildes are as well taken in, though few use them. */
const packagePattern = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?([a-z0-9][a-z0-9._~-]*)$/
const MAXIMUM_LENGTH = 214

const notNames = ["node_modules", "favicon.ico"]
const keywords =
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield"
const reserved = new Set([...keywords.split(" "), "arguments", "eval"])

/** `taken`: words that the template's own code uses. Throws a usage error for what npm would not take. */
export function namesOf(name: string, taken: ReadonlySet<string> = new Set()): Names {
  const folder = packagePattern.exec(name)?.[1]
  if (folder === undefined || name.length > MAXIMUM_LENGTH || notNames.includes(folder)) {
    const [, scope, rest = name] = /^@([^/]*)\/(.*)$/s.exec(name) ?? []
    const meant = `${scope === undefined ? "" : `@${slug(scope)}/`}${slug(rest).slice(0, MAXIMUM_LENGTH - 30)}`
    throw new SwirlError(
      `npm takes no package named ${JSON.stringify(name)}: lower-case letters, digits, dashes and dots, after a scope such as @me/ or without one. How about ${meant}?`,
      { kind: "usage" },
    )
  }
  const plugin = folder.replace(/[._~-]+/g, "-").replace(/-$/, "")
  const camel = plugin.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase())
  const word = /^\d/.test(camel) ? `plugin${camel}` : camel
  return { package: name, folder, plugin, factory: reserved.has(word) || taken.has(word) ? `${word}Plugin` : word }
}
