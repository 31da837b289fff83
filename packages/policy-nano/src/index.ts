/** The embedded policy: where its model folder lies, in Hugging Face layout. Nothing is loaded here. */
import { fileURLToPath } from "node:url"

/** Absolute path of the policy that the demo starts from: after the noisy stage of pre-training. */
export const modelDirectory: string = fileURLToPath(new URL("../model", import.meta.url))

/** Absolute path of the same policy before the noisy stage: what its demonstrators could have taught it. */
export const cleanModelDirectory: string = fileURLToPath(new URL("../model-clean", import.meta.url))

/**
 * Absolute path of a second base: the same weights before the noisy stage, given bad habits drawn by another seed. In a checkout it
 * is there once `npm run nano:train -- --noise-only --seed 1 --out packages/policy-nano/seed-1` made it.
 */
export const secondModelDirectory: string = fileURLToPath(new URL("../seed-1/model", import.meta.url))
