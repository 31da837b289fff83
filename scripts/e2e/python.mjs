/** Python environments that only this needs (`.swirl/e2e/<name>`), each installed once, and again where its requirements change. */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** Ray and TRL have wheels for these. */
const versions = ["python3.12", "python3.11", "python3.13", "python3"]

function interpreter() {
  const asked = process.env.SWIRL_E2E_PYTHON
  for (const name of asked ? [asked] : versions) {
    const { status, stdout } = spawnSync(name, ["-c", "import sys, venv; print(sys.version_info >= (3, 11))"], {
      encoding: "utf8",
    })
    if (status === 0 && stdout.trim() === "True") return name
  }
  throw new Error("e2e: there is no Python 3.11 or newer with venv. Name one by SWIRL_E2E_PYTHON.")
}

/** The `bin` folder of an environment with these packages; of those `alone`, nothing that they ask for. */
export function python(name, requirements, alone = []) {
  const folder = resolve(".swirl/e2e", name)
  const mark = join(folder, "installed.txt")
  const wanted = [...requirements, ...alone].join("\n")
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    execFileSync(interpreter(), ["-m", "venv", folder], { stdio: "inherit" })
    const install = (...args) =>
      execFileSync(join(folder, "bin", "pip"), ["install", "--quiet", ...args], {
        stdio: ["ignore", "inherit", "inherit"],
      })
    install(...requirements)
    if (alone.length > 0) install("--no-deps", ...alone)
    writeFileSync(mark, wanted)
  }
  return join(folder, "bin")
}
