/** A verdict of a judge service on one fresh action at a recorded state: what a training elsewhere was rewarded by. */
import { z } from "zod"

export const ServedVerdictSchema = z.object({
  schema: z.literal("swirl.served-verdict/1"),
  /** `key`; of one without a verdict a hash of it and of the time, since it is asked again. */
  id: z.string(),
  /** Hash of judge, siblings, state and action: the same key, the same verdict. */
  key: z.string(),
  /** Name and settings, as in `swirl.verdict/1`. */
  judge: z.string(),
  oracle: z.boolean().optional(),
  siblings: z.string().optional(),
  benchmark: z.string(),
  split: z.string(),
  taskId: z.string(),
  /** Where the state stands on record: before this step of this trajectory. */
  trajectoryId: z.string(),
  step: z.int().nonnegative(),
  kind: z.enum(["tool", "answer", "malformed", "cut-off"]),
  /** The fresh turn as it was judged. */
  text: z.string(),
  toolCalls: z.array(z.object({ toolName: z.string(), input: z.string() })).optional(),
  verdict: z.enum(["good", "bad", "unscored"]),
  score: z.number().optional(),
  reason: z.string(),
  /** ISO 8601. */
  at: z.string(),
})
export type ServedVerdict = z.infer<typeof ServedVerdictSchema>
