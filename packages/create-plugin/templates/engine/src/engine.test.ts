import { testEngine } from "@swirl-ts/testing"
import { tableEngine } from "./engine.ts"

testEngine(tableEngine, { name: "table", policy: "table" })
