import { execFile } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { sourceFlags, temporaryFolder } from "@swirl-ts/test-support"

/** How a test file ends that a stranger runs by Node alone; `lines` stand behind the import of `name` of the kit. */
export async function underNode(
  name: string,
  lines: string,
  flags: readonly string[],
): Promise<{ code?: number; killed?: boolean; stdout: string }> {
  const file = join(temporaryFolder(), "mine.test.ts")
  const kit = fileURLToPath(new URL("../src/index.ts", import.meta.url))
  await writeFile(file, `import { ${name} } from ${JSON.stringify(kit)}\n${lines}`)
  const { VITEST: _, NODE_TEST_CONTEXT: __, ...env } = process.env
  const args = [...sourceFlags, ...flags, file]
  return promisify(execFile)(process.execPath, args, { env, timeout: 25_000 }).catch((error) => error)
}
