/**
 * Names that action formats can write and read: of a tool, as `native` sends it to the model's server, and of a tag, as
 * `tags` finds it in a text.
 */

/** What servers take for a function's name. */
const longest = 64

/** What keeps a tool from being called by its name; undefined where nothing does. */
export function toolNameProblem(name: string): string | undefined {
  if (name.length > longest) return `its name has ${name.length} characters, and models are shown ${longest} at most`
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    return "its name has to be letters of a to z, digits, _ and -, and begin with a letter: no model could write it otherwise"
  }
  return tagNameProblem(name)
}

/** The same of a tag. */
export function tagNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z][\w.-]*$/.test(name))
    return "it has to be letters of a to z, digits, _, . and -, and begin with a letter"
  return name.toLowerCase() === "answer" ? `"${name}" is how a model gives its answer; choose another name` : undefined
}
