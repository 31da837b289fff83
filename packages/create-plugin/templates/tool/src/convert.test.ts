import { testTool } from "@swirl-ts/testing"
import { convert } from "./convert.ts"

testTool(convert, {
  name: "convert",
  valid: [
    { input: { value: 5, from: "km", to: "m" }, output: "5000" },
    { input: { value: 0.1, from: "m", to: "cm" }, output: "10" },
    { input: { value: 26.2, from: "mi", to: "km" }, output: /^42\.16/ },
    { input: { value: -1.5, from: "h", to: "min" }, output: "-90" },
  ],
  invalid: [
    { input: { value: 5, from: "km", to: "kg" }, error: "km is a length, kg is a mass" },
    { input: { value: 5, from: "km", to: "parsec" }, error: "to" },
    { input: { value: "five", from: "km", to: "m" }, error: "value" },
    { input: { value: 5, from: "km" }, error: "to" },
  ],
})
