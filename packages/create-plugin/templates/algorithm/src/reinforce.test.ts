import { testAlgorithm } from "@swirl-ts/testing"
import { reinforce } from "./reinforce.ts"

testAlgorithm(reinforce, { name: "reinforce", options: { iterations: 3 } })
