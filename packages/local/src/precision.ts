/** Which precision a base is held in: the one that is asked for, or the faster one here, which is then said. */
import type { Host } from "@swirl-ts/core"
import { choosePrecision, type Precision, type TransformerConfig } from "@swirl-ts/transformer"
import { z } from "zod"

export const PrecisionSchema = z.enum(["f32", "bf16", "auto"])

/** f32 where nothing is asked for. Needs a started backend. */
export function precisionOf(
  asked: z.infer<typeof PrecisionSchema> | undefined,
  config: TransformerConfig,
  host: Host,
): Precision {
  if (asked !== "auto") return asked ?? "f32"
  const { precision, reason } = choosePrecision(config)
  host.log(reason)
  return precision
}
