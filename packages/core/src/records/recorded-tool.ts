/** A tool as a run's models were offered it: enough to offer it again where the tool itself is not there. */
import { z } from "zod"

export const RecordedToolSchema = z.object({
  name: z.string(),
  /** With its plugin, e.g. `tools-mcp/files_read`. */
  fullName: z.string(),
  tag: z.object({ name: z.string(), argument: z.string().optional() }),
  description: z.string(),
  /** JSON Schema. */
  inputSchema: z.record(z.string(), z.unknown()),
})
export type RecordedTool = z.infer<typeof RecordedToolSchema>
