/** The embedded policy: where its model folder lies, in Hugging Face layout. Nothing is loaded here. */
import { fileURLToPath } from "node:url"

/** Absolute path of the policy that the demo starts from: after the noisy stage of pre-training. */
export const modelDirectory: string = fileURLToPath(new URL("../model", import.meta.url))

/** Absolute path of the same policy before the noisy stage: what its demonstrators could have taught it. */
export const cleanModelDirectory: string = fileURLToPath(new URL("../model-clean", import.meta.url))
