/**
 * The code blocks of a documentation page, in order, and what each asks for: a file to write, commands to run, or what the
 * commands before it print. A guide has no other kind of block, so nothing in it can be untrue unseen.
 */

export type Block = { line: number } & (
  | { kind: "file"; name: string; text: string }
  | { kind: "run"; text: string; exitCode: number }
  | { kind: "output"; text: string }
)

/**
 * A file is named by `// file: <name>` in its first line, or by `file=<name>` behind the language. `sh` is run, and its
 * last command may end otherwise than with 0 where `exit=<code>` stands there; `txt` is what was printed, in which `…` stands for anything.
 */
export function pageBlocks(markdown: string): Block[] {
  const lines = markdown.split("\n")
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at++) {
    const opening = /^```(\w*)\s*(.*)$/.exec(lines[at]!)
    if (!opening) continue
    const end = lines.indexOf("```", at + 1)
    if (end < 0) throw new Error(`line ${at + 1}: the block is not closed`)
    blocks.push(block({ language: opening[1]!, info: opening[2]!, line: at + 1, lines: lines.slice(at + 1, end) }))
    at = end
  }
  return blocks
}

function block(found: { language: string; info: string; line: number; lines: readonly string[] }): Block {
  const { language, info, line, lines } = found
  const text = `${lines.join("\n")}\n`
  const name = /\bfile=(\S+)/.exec(info)?.[1] ?? /^\/\/ file: (\S+)$/.exec(lines[0] ?? "")?.[1]
  if (name) return { kind: "file", line, name, text }
  if (language === "sh") return { kind: "run", line, text, exitCode: Number(/\bexit=(\d+)/.exec(info)?.[1] ?? 0) }
  if (language === "txt") return { kind: "output", line, text }
  throw new Error(`line ${line}: a block in ${language || "no language"} is neither a file, nor run, nor printed`)
}

/** The first line of `expected` that is not in `printed` after the lines before it; undefined where all are. */
export function missingLine(expected: string, printed: string): string | undefined {
  const rest = printed.split("\n")
  for (const line of expected.split("\n").map((each) => each.trimEnd())) {
    if (line.trim() === "" || line.trim() === "…") continue
    const pattern = new RegExp(`^${line.trim().split("…").map(escaped).join(".*")}$`)
    const at = rest.findIndex((each) => pattern.test(each.trim()))
    if (at < 0) return line
    rest.splice(0, at + 1)
  }
  return undefined
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
