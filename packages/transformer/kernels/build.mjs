/**
 * Compiles kernels.as to src/kernel-bytes.ts. Needs `asc` (npm i assemblyscript in any folder): node build.mjs <path to asc.js>
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const asc = process.argv[2]
if (asc === undefined) throw new Error("Usage: node build.mjs <folder>/node_modules/assemblyscript/bin/asc.js")
const work = mkdtempSync(join(tmpdir(), "kernels-"))
copyFileSync(new URL("kernels.as", import.meta.url), join(work, "kernels.ts"))
const flags = ["--enable", "simd", "--importMemory", "--noExportMemory", "--runtime", "stub", "-O3", "--noAssert"]
execFileSync(process.execPath, [asc, "kernels.ts", "-o", "kernels.wasm", ...flags], { cwd: work, stdio: "inherit" })
const lines = readFileSync(join(work, "kernels.wasm"))
  .toString("base64")
  .match(/.{1,110}/g)
writeFileSync(
  new URL("../src/kernel-bytes.ts", import.meta.url),
  `/** The compiled kernels/kernels.as, in base64. Made by kernels/build.mjs; do not edit. */\nexport const kernelBytes =\n  ${lines.map((line) => JSON.stringify(line)).join(" +\n  ")}\n`,
)
console.log(`${lines.join("").length} characters`)
