/** npm calls this before it packs a package: what goes out is built from the sources that stand there, or nothing goes out. */
import { isBuilt } from "./built.mjs"

if (!isBuilt()) await import("./build.mjs")
