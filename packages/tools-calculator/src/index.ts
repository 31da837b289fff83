export { type Evaluation, evaluate, MAXIMUM_LENGTH } from "./evaluate.ts"
export { formatValue, type NumberStyle, numberStyles } from "./format.ts"
export { type CalculatorOptions, calculator, calculator as default } from "./plugin.ts"
