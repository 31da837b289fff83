/** A training in a process of its own, to be killed: `train-child.ts <algorithm> <directory> <options as JSON>`. */

import { toyContext, toyEngine } from "@swirl-ts/testing"
import { trainer } from "../src/plugin.ts"

const [algorithm, directory, options] = process.argv.slice(2)
const engine = toyEngine({ delay: 5 })
const context = await toyContext(directory!, JSON.parse(options!), { engine })
await trainer().algorithms![algorithm as "swirl"].train(context)
