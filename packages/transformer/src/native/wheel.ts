/**
 * Python wheels as a source of libraries: downloaded by pip, unpacked, and deleted at once. Nothing of a wheel is run, so the
 * Python that runs pip does not matter. Invariant: files come in the order of their patterns, each under its name only when it
 * is whole, so a wheel of which the last file is there is whole.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { runTool, type Steps, ToolFailure } from "./run-tool.ts"

export interface WheelFiles {
  /** As pip takes it: `tensorflow>=2.16,<3`. */
  requirement: string
  /** Where pip may put the wheel; it is deleted afterwards. */
  downloads: string
  target: string
  /** Regular expressions of Python over the wheel's names, and where what matches goes, under `target`. */
  files: readonly (readonly [pattern: string, replacement: string])[]
}

/** METADATA and licences of a wheel: its notes, which stay where its files go. */
export const noteFiles = ["[^/]+\\.dist-info/.*(METADATA|LICEN[CS]E|License).*", "notes/\\g<0>"] as const

/** The METADATA that was unpacked of a wheel; undefined where it was not. */
export function readNotes(target: string, name: string): string | undefined {
  const notes = join(target, "notes")
  if (!existsSync(notes)) return undefined
  const found = readdirSync(notes).find((each) => each.startsWith(`${name.replaceAll("-", "_")}-`))
  const file = join(notes, found ?? "", "METADATA")
  return existsSync(file) ? readFileSync(file, "utf8") : undefined
}

/** The wheels' Python: TensorFlow has wheels for few at a time, and one of them is taken on every machine. */
const pythonVersion = "3.12"

export async function unpackWheel(
  { requirement, downloads, target, files }: WheelFiles,
  { signal }: Pick<Steps, "signal"> = {},
): Promise<void> {
  const [name = ""] = requirement.split(/[^\w-]/)
  const temporary = join(downloads, "temporary")
  mkdirSync(temporary, { recursive: true })
  const parts = ["--no-deps", "--no-cache-dir", "--only-binary=:all:", "--python-version", pythonVersion]
  try {
    await runTool("python3", ["-m", "pip", "download", "--quiet", ...parts, "--dest", downloads, requirement], {
      cwd: downloads,
      environment: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
      signal,
    })
  } catch (error) {
    throw pipFailure(requirement, error)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  const wheel = readdirSync(downloads)
    .filter((file) => file.startsWith(`${name.replaceAll("-", "_")}-`) && file.endsWith(".whl"))
    .sort()
    .at(-1)
  if (wheel === undefined) throw new Error(`pip left no wheel of ${name} in ${downloads}.`)
  await runTool("python3", ["-c", unpack, join(downloads, wheel), target, JSON.stringify(files)], {
    cwd: downloads,
    shown: `python3 (unpack ${wheel})`,
    signal,
  })
  rmSync(downloads, { recursive: true, force: true })
}

/** Python that copies files out of a wheel (argv: wheel, target, patterns as JSON). */
const unpack = `
import json, os, re, shutil, sys, zipfile
wheel, target, files = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with zipfile.ZipFile(wheel) as z:
    for pattern, replacement in files:
        for name in z.namelist():
            match = re.fullmatch(pattern, name)
            if not match or name.endswith("/"): continue
            path = os.path.join(target, match.expand(replacement))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with z.open(name) as source, open(path + ".part", "wb") as out: shutil.copyfileobj(source, out, 1 << 24)
            os.replace(path + ".part", path)
`

function pipFailure(requirement: string, error: unknown): Error {
  if (!(error instanceof ToolFailure)) return error as Error
  const { output } = error
  if (/No matching distribution|Could not find a version/.test(output)) {
    const libc = "glibcVersionRuntime" in (process.report.getReport() as { header: object }).header ? "" : ", musl"
    const why = /connection|Max retries|timed out/i.test(output)
      ? "it cannot reach its registry"
      : "there is none, or its registry cannot be reached"
    return new Error(
      `pip finds no wheel of ${requirement} for Python ${pythonVersion} on ${process.platform} ${process.arch}${libc}: ${why}.`,
    )
  }
  if (/No space left on device/.test(output)) return new Error(`The disk was full while pip downloaded ${requirement}.`)
  const [reason] = output
    .split("\n")
    .filter((line) => /^ERROR:|Error/.test(line))
    .slice(-1)
  return new Error(
    `pip could not download ${requirement}${reason === undefined ? "" : ` (${reason.replace(/^ERROR:\s*/, "")})`}. Run the command again to go on from here.`,
  )
}
