/** All families, by the `model_type` of their config.json. */
import type { Family } from "./family.ts"
import { gemma2 } from "./gemma2.ts"
import { gemma3 } from "./gemma3.ts"
import { llama } from "./llama.ts"
import { qwen2 } from "./qwen2.ts"
import { qwen3 } from "./qwen3.ts"

const families: readonly Family[] = [llama, qwen2, qwen3, gemma2, gemma3]

export const familyOf = (modelType: unknown): Family | undefined =>
  families.find((family) => family.modelType === modelType)

export const familyNames = (): string[] => families.map(({ modelType }) => modelType)
