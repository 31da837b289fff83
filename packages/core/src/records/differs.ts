/** What differs between the two sides of a comparison beside the policy: facts of their records, told and never refused. */
import { z } from "zod"

export const DiffersSchema = z.array(
  z.object({
    /** `prompts`, `tools`, `text of mine`, … */
    what: z.string(),
    /** Of each side: a digest, a version, or the setting; of prompts and passages over the questions that are compared. */
    a: z.string(),
    b: z.string(),
    /** Of how many of the questions that are compared, where it is told by question. */
    questions: z.int().optional(),
  }),
)
export type Differs = z.infer<typeof DiffersSchema>

/** The one sentence; nothing where nothing differs. `isOnePolicy`: a policy is compared with itself. */
export function differsInWords(differs: Differs = [], a = "a", b = "b", isOnePolicy = false): string[] {
  if (differs.length === 0) return []
  const said = differs.map(({ what, a, b, questions }) => {
    const of = questions === undefined ? "" : ` of ${questions} ${questions === 1 ? "question" : "questions"}`
    return `${what}${of} (${a} / ${b})`
  })
  return [`${a} and ${b} differ in${isOnePolicy ? "" : " more than the policy:"} ${said.join(", ")}`]
}
