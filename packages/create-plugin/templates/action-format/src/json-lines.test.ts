import { testActionFormat } from "@swirl-ts/testing"
import { jsonLines } from "./json-lines.ts"

testActionFormat(jsonLines, { name: "json-lines" })
