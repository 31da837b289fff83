/** A process of its own that loads a native package (arguments: name, folder) and says as JSON what it computes, and where. */
import * as tf from "@tensorflow/tfjs-core"
import { loadNative, nativeDevice } from "./package.ts"

const [name = "", directory = ""] = process.argv.slice(2)
loadNative({ package: name, directory })
await tf.setBackend("tensorflow")
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]))
console.log(JSON.stringify({ product: [...product.dataSync()], device: nativeDevice() }))
