/** Whether every package, as packed, can be imported by what its package.json says (publint). */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"

const folder = "dist/packages"
for (const file of readdirSync(folder)) {
  const bytes = readFileSync(join(folder, file))
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  for (const message of messages) {
    process.exitCode = 1
    process.stderr.write(`${pkg.name}: ${formatMessage(message, pkg, { color: false })}\n`)
  }
}
