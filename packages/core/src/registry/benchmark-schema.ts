/** What every benchmark has to have, checked when its plugin is loaded. */
import { z } from "zod"
import { functionSchema, optionalFunction } from "./schema-parts.ts"

const splitName = z.string().regex(/^[^\s/]+$/, 'it should be a name without blanks and "/"')

/** What every benchmark has to have, and of the rest what is there. */
export const benchmarkSchema = z
  .looseObject({
    description: z.string(),
    splits: z.array(splitName).min(1),
    tools: z.array(z.looseObject({ name: z.string(), options: z.looseObject({}).optional() })),
    limits: z.looseObject({
      toolCalls: z.number(),
      steps: z.number(),
      stepTokens: z.number(),
      trajectoryTokens: z.number(),
    }),
    load: functionSchema,
    prompt: functionSchema,
    score: functionSchema,
    primaryMetric: z.string(),
    scoreTimeout: z.number().positive().optional(),
    license: z.string().optional(),
    evaluationSplit: z.string().optional(),
    corpus: optionalFunction,
    answerKey: optionalFunction,
    aggregate: optionalFunction,
    goldSteps: optionalFunction,
    references: z
      .array(z.looseObject({ what: z.string(), metric: z.string(), value: z.number(), citation: z.string() }))
      .optional(),
    sources: z.array(z.string().min(1)).optional(),
    judgeOptions: z.record(z.string(), z.looseObject({})).optional(),
    mostShots: z.int().positive().optional(),
    malformedReply: z.string().optional(),
    retrieval: z.looseObject({ goldTitles: functionSchema }).optional(),
    leaks: z
      .looseObject({
        subQuestions: optionalFunction,
        workedExamples: optionalFunction,
        isGenerated: z.boolean().optional(),
      })
      .optional(),
    files: z
      .looseObject({
        fetch: optionalFunction,
        score: optionalFunction,
        derived: z.record(z.string(), functionSchema).optional(),
      })
      .optional(),
  })
  .refine(({ splits, evaluationSplit }) => evaluationSplit === undefined || splits.includes(evaluationSplit), {
    path: ["evaluationSplit"],
    error: "it should be one of the splits",
  })
