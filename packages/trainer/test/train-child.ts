/** A training in a process of its own, to be killed: `train-child.ts <algorithm> <directory> <options as JSON>`. */
import { sft } from "../src/sft.ts"
import { swirl } from "../src/swirl.ts"
import { toyEngine } from "./toy-engine.ts"
import { toyContext } from "./toy-task.ts"

const [algorithm, directory, options] = process.argv.slice(2)
const engine = toyEngine({ delay: 5 })
const context = await toyContext(directory!, JSON.parse(options!), { engine })
await (algorithm === "sft" ? sft : swirl).train(context)
