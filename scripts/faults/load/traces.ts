/** What a run leaves behind on disk: which files, which secrets in them. */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

export const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()

/** Sentences that name file and secret; a secret is looked for as it is, and as texts, addresses and headers have it. */
export function secretsIn(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  const wanted = Object.entries(secrets).map(([name, secret]) => ({ name, spellings: spellingsOf(secret) }))
  return filesUnder(folder).flatMap((file) => {
    const bytes = readFileSync(join(folder, file))
    return wanted.flatMap(({ name, spellings }) =>
      spellings.filter((spelling) => bytes.includes(spelling)).map((found) => `${file} holds the ${name}, as ${found}`),
    )
  })
}

function spellingsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "")
  return [...new Set([secret, inJson, inJson.replaceAll("/", "\\/"), encodeURIComponent(secret), base64])]
}
