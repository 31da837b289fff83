/** What the files of a policy say of it, for those who do not load it: nothing here loads TensorFlow.js. */
export { type AdapterBase, isAdapterFolder, readAdapterBase } from "./adapter-base.ts"
export { isGgufFile } from "./checkpoint.ts"
