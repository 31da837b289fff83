/** One temporary folder for a run of the tests, and gone after it; what a test leaves behind is left there. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "swirl-test-"))
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
