/** The Python file that trainers load. It stands beside the sources, and beside `dist` in the package. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const file = fileURLToPath(new URL("../../python/swirl_judge.py", import.meta.url))

export const judgeClient = (): string => readFileSync(file, "utf8")
