/** A training in a process of its own, to be killed: `train-child.ts <algorithm> <directory> <options as JSON>`. */

import { toyContext, toyEngine } from "@swirl-ts/testing"
import { sft } from "../src/sft.ts"
import { swirl } from "../src/swirl.ts"

const [algorithm, directory, options] = process.argv.slice(2)
const engine = toyEngine({ delay: 5 })
const context = await toyContext(directory!, JSON.parse(options!), { engine })
await (algorithm === "sft" ? sft : swirl).train(context)
