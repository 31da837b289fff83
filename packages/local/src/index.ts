export { createDecodeLoop, type DecodeLoop, type DecodeLoopOptions, type DecodeRequest } from "./decode-loop.ts"
export { local, local as default } from "./plugin.ts"
export { loadPolicy, type Policy, type PolicyText, policyText } from "./policy.ts"
export type { LocalOptions } from "./provider.ts"
