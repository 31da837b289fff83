/**
 * A family of models is data: what differs from a plain Llama, as fields of TransformerConfig, and how its config.json says it.
 * Invariant: nothing that computes asks for a family.
 */
import type { ConfigFields, Json } from "../config-fields.ts"
import type { TransformerConfig } from "../transformer-config.ts"

export interface Family {
  modelType: string
  architecture: string
  /** The field that names the activation. */
  activationField: "hidden_act" | "hidden_activation"
  /** What transformers assumes where config.json leaves a field out. */
  defaults: Readonly<Json>
  /** What differs from a plain Llama. */
  read(fields: ConfigFields): Partial<TransformerConfig>
  /** The fields that say it, beside those that all families have. */
  write(config: TransformerConfig): Json
}
