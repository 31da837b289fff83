export { type Evaluation, evaluate } from "./evaluate.ts"
export { type CalculatorOptions, calculator, calculator as default } from "./plugin.ts"
