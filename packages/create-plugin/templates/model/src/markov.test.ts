import { testModel } from "@swirl-ts/testing"
import { markov } from "./markov.ts"

testModel(markov, { name: "markov" })
