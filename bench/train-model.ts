/** Writes a Hugging Face folder of random weights for Benchmark W: `train-model.ts <shape> <folder> <backend> <peers>`. */
import { type BackendName, initBackend, initModel, saveModel } from "@swirl-ts/transformer"
import { type ShapeName, shapes } from "./train-work.ts"

const [shape = "", folder = "", backend = "native", peers] = process.argv.slice(2)
await initBackend(backend as BackendName, { peersDirectory: peers })
const config = { ...shapes[shape as ShapeName], maxPositions: 4096, ropeTheta: 1e5, normEpsilon: 1e-5 }
saveModel(folder, initModel({ ...config, tiedEmbeddings: true, endTokenIds: [1] }, 1))
