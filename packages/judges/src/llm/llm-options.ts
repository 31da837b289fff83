/**
 * Options of the judges that ask a model. What can change a verdict is part of the judge's identity, and so of every
 * verdict: the model with a digest of what was opened, the prompt's hash, votes, temperature and (where it draws) seed.
 */
import { contentHash, type JudgeContext, type LanguageModel, SwirlError, slug } from "@swirl-ts/core"
import { readOptions, utf8Text } from "@swirl-ts/kit"
import { resolve } from "@swirl-ts/platform"
import { z } from "zod"
import { noiseOption } from "../noise.ts"
import { parseTemplate, type Template, type TemplateShape } from "./template.ts"

const OptionsSchema = z.strictObject({
  /** Model string, e.g. `openai:gpt-5-mini`; default: SWIRL_JUDGE_MODEL. */
  model: z.string().optional(),
  /** Address of an OpenAI-compatible server; default: SWIRL_JUDGE_BASE_URL. It is no part of the identity. */
  baseUrl: z.string().optional(),
  /** How often the same is asked. */
  votes: z.int().min(1).default(1),
  /** `majority`: good or bad. `mean`: the share of votes for it as score, too. */
  aggregate: z.enum(["majority", "mean"]).default("majority"),
  /** Default 0 for one vote, 1 for several. `null`: the model's own, for models that take none. */
  temperature: z.number().min(0).lt(10).nullish(),
  /** Most tokens of a reply. */
  maxTokens: z.int().min(1).default(1024),
  /** File with the whole prompt and named placeholders, in place of this project's wording. */
  template: z.string().optional(),
})
const NoisyOptionsSchema = OptionsSchema.extend({ noise: noiseOption })

export interface LlmOptions extends z.input<typeof NoisyOptionsSchema> {
  benchmark: string
  seed: number
}

export interface LlmSettings {
  model: LanguageModel
  /** Name and version of the judge, model, prompt and sampling. */
  identity: string
  votes: number
  aggregate: "majority" | "mean"
  temperature: number | null
  maxTokens: number
  noise: number
  seed: number
  /** The template of each wording; all the same where a file was given. */
  template(wording: string): Template
}

export interface LlmKind {
  /** e.g. `judges/llm/1`; the number goes up with every change of rule that changes a verdict. */
  name: string
  wordings: Readonly<Record<string, string>>
  shape: TemplateShape
  /** Whether a share of the verdicts may be flipped, to study judges. */
  noisy?: boolean
}

/** Checks the options, opens the model and reads the template; throws a usage error that says what is wrong. */
export async function resolveLlm(kind: LlmKind, options: LlmOptions, context?: JudgeContext): Promise<LlmSettings> {
  const { benchmark, seed, ...given } = options
  const schema = kind.noisy ? NoisyOptionsSchema : OptionsSchema
  const read = readOptions(`judge ${shortName(kind)}`, schema, given)
  const { votes, aggregate, maxTokens } = read
  const temperature = read.temperature === undefined ? (votes > 1 ? 1 : 0) : read.temperature
  if (!context)
    throw usage(kind, "asks a model, and nobody gave it a way to open one: hand `create` a context with openModel.")
  const environment = context.host.environment
  const reference = read.model ?? environment.SWIRL_JUDGE_MODEL
  if (!reference) {
    throw usage(
      kind,
      "needs a model: --judge-model openai:<model> (or SWIRL_JUDGE_MODEL), with --judge-base-url for a server of your own.",
    )
  }
  const own = read.template === undefined ? undefined : readTemplate(read.template, kind, context)
  const templates = new Map(
    Object.entries(kind.wordings).map(([name, text]) => [
      name,
      own?.template ?? parseTemplate(text, `${kind.name}, wording ${name}`, kind.shape),
    ]),
  )
  const baseUrl = read.baseUrl ?? environment.SWIRL_JUDGE_BASE_URL
  const opened = await context.openModel(reference, { baseUrl })
  // Under a digest it is one model wherever it lies, as a policy is.
  const named = opened.identityIsDigest ? reference.split(":", 1)[0]! : reference
  const identity = [
    kind.name,
    benchmark,
    `model=${slug(named)}-${contentHash([named, opened.identity], 8)}`,
    `prompt=${contentHash(own?.text ?? kind.wordings, 8)}`,
    `votes=${votes}${aggregate === "mean" ? " mean" : ""}`,
    `temperature=${temperature ?? "own"}`,
    `tokens=${maxTokens}`,
    ...(temperature === 0 ? [] : [`seed=${seed}`]),
  ].join(" ")
  return {
    model: opened.model,
    identity,
    votes,
    aggregate,
    temperature,
    maxTokens,
    noise: (read as { noise?: number }).noise ?? 0,
    seed,
    template: (name) => templates.get(name)!,
  }
}

function readTemplate(file: string, kind: LlmKind, { host }: JudgeContext): { text: string; template: Template } {
  const path = resolve(host.workingDirectory, file)
  const text = utf8Text(path, "The judge's template")
  return { text, template: parseTemplate(text, path, kind.shape) }
}

/** `judges/llm/1` -> `llm`. */
const shortName = ({ name }: LlmKind): string => name.split("/")[1]!

const usage = (kind: LlmKind, message: string): SwirlError =>
  new SwirlError(`Judge ${shortName(kind)} ${message}`, { kind: "usage" })
