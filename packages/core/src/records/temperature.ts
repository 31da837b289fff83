/** The temperature that a policy was sampled at, as records have it. */
import { z } from "zod"

/** 0 is greedy; `none`: none is sent, and the model is sampled as its server does by itself. */
export const TemperatureSchema = z.union([z.number().nonnegative(), z.literal("none")])
export type Temperature = z.infer<typeof TemperatureSchema>
