/** In a browser: there is no native TensorFlow, and none is looked for. Same names as `package.ts`. */
import type { NativePackage } from "./package.ts"

export const findNative = (): NativePackage | undefined => undefined
export const gpuProblem = (): string | undefined => undefined
export const nativeDevice = (): "cpu" => "cpu"
export const loadNative = (): never => {
  throw new Error("There is no native TensorFlow in a browser. Use wasm.")
}
