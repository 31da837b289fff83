/** What every command needs of a run folder with imports, apart: it is loaded with each of them, and the rest of this package is not. */
export { withImported } from "./imports/imported-benchmark.ts"
