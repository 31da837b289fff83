/**
 * Adds the optional packages of other platforms to package-lock.json when the registry at hand could not describe them,
 * so that `npm ci` accepts the lock everywhere. Run after every `npm install` that changed the lock; idempotent.
 */
import { readFileSync, writeFileSync } from "node:fs"

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"]
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"]
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"))

/** Platform fields as the package's own name tells them. */
function platformOf(name) {
  const parts = name.split(/[-/]/)
  const os = name === "fsevents" ? "darwin" : systems.find((each) => parts.includes(each))
  const cpu = processors.find((each) => parts.includes(each))
  const libc = parts.includes("musl")
    ? "musl"
    : os === "linux" && parts.some((part) => /^(gnu|glibc)$/.test(part))
      ? "glibc"
      : undefined
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) }
}

let added = 0
for (const [, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`
    if (lock.packages[path]) continue
    const version = /\d+\.\d+\.\d+[^ ]*/.exec(range)?.[0]
    const platform = platformOf(name)
    if (!version || !(platform.os || platform.cpu)) {
      process.stderr.write(`left out ${name} ${range}: its name does not tell version and platform\n`)
      continue
    }
    lock.packages[path] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true }
    added++
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync("package-lock.json", `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
process.stderr.write(`${added} packages of other platforms added\n`)
