/** What a contribution of each kind has to have, and of the rest what is there: read from the value alone; none of its code runs but what makes a schema or a description. */
import { z } from "zod"
import { type GivenTool, readGivenTool } from "../contracts/tool.ts"
import { toolSchemaProblem } from "../contracts/tool-schema.ts"
import { errorMessage } from "../errors.ts"
import { problemBy } from "../schema-problem.ts"
import { benchmarkSchema } from "./benchmark-schema.ts"
import { nearMisses } from "./near-misses.ts"
import type { ContributionKind } from "./plugin.ts"
import { functionSchema, optionalFunction } from "./schema-parts.ts"
import { tagNameProblem } from "./tool-names.ts"

const description = z.string()
const opened = z.looseObject({ description, open: functionSchema })
const judge = z.looseObject({ description, asksModel: z.boolean().optional(), create: functionSchema })

const schemas: Record<ContributionKind, z.ZodType> = {
  tools: z.looseObject({
    // A tool without one is taken, and that is said: tools of the AI SDK may lack it.
    description: z.union([z.string(), functionSchema]).optional(),
    inputSchema: z.custom(
      (value) => typeof value === "function" || (typeof value === "object" && value !== null),
      "it should be a schema, of zod or another Standard Schema library, or jsonSchema() of the AI SDK",
    ),
    execute: functionSchema,
    tag: z
      .looseObject({
        name: z.string().superRefine((name, { addIssue }) => {
          const problem = tagNameProblem(name)
          if (problem) addIssue(problem)
        }),
        argument: z.string().min(1),
      })
      .optional(),
    isSupported: optionalFunction,
    resultKeys: optionalFunction,
    isRepeatable: z.boolean().optional(),
    needsCorpus: z.boolean().optional(),
    passageSearch: optionalFunction,
    bind: optionalFunction,
    dispose: optionalFunction,
    toModelOutput: z.unknown().optional(),
  }),
  benchmarks: benchmarkSchema,
  models: opened.extend({ check: optionalFunction, directory: optionalFunction, unloaded: optionalFunction }),
  actionFormats: z.looseObject({
    name: z.string().min(1),
    description,
    requestTools: functionSchema,
    parse: functionSchema,
    write: functionSchema,
    turn: functionSchema,
    reply: functionSchema,
    describe: functionSchema,
  }),
  judges: judge.extend({
    needs: z.array(z.enum(["siblings"])).optional(),
    compared: z.array(z.looseObject({})).optional(),
  }),
  oracles: judge,
  outcomeJudges: judge,
  filters: z.looseObject({ description, needs: z.array(z.enum(["process", "outcome"])), keep: functionSchema }),
  retrievers: opened,
  embedders: opened,
  algorithms: z.looseObject({
    description,
    amounts: z.array(z.string()).optional(),
    needs: z.array(z.enum(["rollouts", "gold"])).optional(),
    train: functionSchema,
    checkOptions: optionalFunction,
    settings: optionalFunction,
    dryRun: optionalFunction,
  }),
  engines: z.looseObject({
    description,
    lacks: z.array(z.enum(["exactKl"])).optional(),
    create: functionSchema,
    check: optionalFunction,
    identity: optionalFunction,
  }),
  jobEngines: z.looseObject({
    description,
    algorithms: z.array(z.string()),
    judges: z.array(z.string()),
    train: functionSchema,
    run: optionalFunction,
    jobs: optionalFunction,
  }),
}

/** What keeps `value` from being a contribution of the kind, as a clause; undefined where nothing does. */
export function contributionProblem(kind: ContributionKind, value: unknown): string | undefined {
  return problemBy(schemas[kind])(value) ?? (kind === "tools" ? toolProblem(value as GivenTool) : undefined)
}

/** What of a contribution is written almost like a field that is read, a clause each. */
export const contributionNearMisses = (kind: ContributionKind, value: unknown): string[] =>
  nearMisses(schemas[kind], value)

function toolProblem(tool: GivenTool): string | undefined {
  try {
    readGivenTool(tool)
  } catch (error) {
    return `its description could not be made: ${errorMessage(error)}`
  }
  return toolSchemaProblem(tool)
}
