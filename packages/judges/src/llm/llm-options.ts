/**
 * Options of the judges that ask a model. What can change a verdict is part of the judge's identity, and so of every
 * verdict: the model with a digest of what was opened, the prompt's hash, votes, temperature and (where it draws) seed.
 */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import {
  contentHash,
  errorMessage,
  type JudgeContext,
  type JudgeFactoryOptions,
  type LanguageModel,
  SwirlError,
  slug,
  suggestion,
} from "@swirl-ts/core"
import { parseTemplate, type Template, type TemplateShape } from "./template.ts"

export interface LlmOptions extends JudgeFactoryOptions {
  /** Model string, e.g. `openai:gpt-5-mini`; default: SWIRL_JUDGE_MODEL. */
  model?: string
  /** Address of an OpenAI-compatible server; default: SWIRL_JUDGE_BASE_URL. It is no part of the identity. */
  baseUrl?: string
  /** How often the same is asked; default 1. */
  votes?: number
  /** `majority` (default): good or bad. `mean`: the share of votes for it as score, too. */
  aggregate?: "majority" | "mean"
  /** Default 0 for one vote, 1 for several. `null`: the model's own, for models that take none. */
  temperature?: number | null
  /** Most tokens of a reply; default 1,024. */
  maxTokens?: number
  /** File with the whole prompt and named placeholders, in place of this project's wording. */
  template?: string
}

export interface LlmSettings {
  model: LanguageModel
  /** Name and version of the judge, model, prompt and sampling. */
  identity: string
  votes: number
  aggregate: "majority" | "mean"
  temperature: number | null
  maxTokens: number
  seed: number
  /** The template of each wording; all the same where a file was given. */
  template(wording: string): Template
}

export interface LlmKind {
  /** e.g. `judges/llm/1`; the number goes up with every change of rule that changes a verdict. */
  name: string
  wordings: Readonly<Record<string, string>>
  shape: TemplateShape
}

const optionNames = ["model", "baseUrl", "votes", "aggregate", "temperature", "maxTokens", "template"]

/** Checks the options, opens the model and reads the template; throws a usage error that says what is wrong. */
export async function resolveLlm(kind: LlmKind, options: LlmOptions, context?: JudgeContext): Promise<LlmSettings> {
  const { benchmark, seed, ...rest } = options
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && !optionNames.includes(name)) {
      throw usage(kind, `has no option "${name}".${suggestion(name, optionNames)}`)
    }
  }
  const { votes = 1, aggregate = "majority", maxTokens = 1024 } = options
  const temperature = options.temperature === undefined ? (votes > 1 ? 1 : 0) : options.temperature
  whole(kind, "votes", votes)
  whole(kind, "maxTokens", maxTokens)
  if (aggregate !== "majority" && aggregate !== "mean") {
    throw usage(kind, `: option "aggregate" is ${JSON.stringify(aggregate)}; it has to be "majority" or "mean".`)
  }
  if (temperature !== null && !(typeof temperature === "number" && temperature >= 0 && temperature < 10)) {
    throw usage(
      kind,
      `: option "temperature" is ${JSON.stringify(temperature)}; it has to be a number from 0, or null for the model's own.`,
    )
  }
  if (!context)
    throw usage(kind, "asks a model, and nobody gave it a way to open one: hand `create` a context with openModel.")
  const environment = context.host.environment
  const reference = options.model ?? environment.SWIRL_JUDGE_MODEL
  if (!reference) {
    throw usage(
      kind,
      "needs a model: --judge-model openai:<model> (or SWIRL_JUDGE_MODEL), with --judge-base-url for a server of your own.",
    )
  }
  const own = options.template === undefined ? undefined : await readTemplate(options.template, kind, context)
  const templates = new Map(
    Object.entries(kind.wordings).map(([name, text]) => [
      name,
      own?.template ?? parseTemplate(text, `${kind.name}, wording ${name}`, kind.shape),
    ]),
  )
  const baseUrl = options.baseUrl ?? environment.SWIRL_JUDGE_BASE_URL
  const opened = await context.openModel(reference, baseUrl ? { baseUrl } : {})
  const identity = [
    kind.name,
    benchmark,
    `model=${slug(reference)}-${contentHash([reference, opened.identity], 8)}`,
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
    seed,
    template: (name) => templates.get(name)!,
  }
}

async function readTemplate(
  file: string,
  kind: LlmKind,
  { host }: JudgeContext,
): Promise<{ text: string; template: Template }> {
  const path = resolve(host.workingDirectory, file)
  const refuse = (why: string, cause: unknown): never => {
    throw new SwirlError(`The judge's template ${path} ${why}`, { kind: "usage", cause })
  }
  const bytes = await readFile(path).catch((error: unknown) => refuse(`cannot be read: ${errorMessage(error)}`, error))
  let text = ""
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    refuse("is no UTF-8 text. Save it as UTF-8.", error)
  }
  return { text, template: parseTemplate(text, path, kind.shape) }
}

function whole(kind: LlmKind, name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw usage(kind, `: option "${name}" is ${JSON.stringify(value)}; it has to be a whole number of at least 1.`)
  }
}

function usage({ name }: LlmKind, message: string): SwirlError {
  const judge = `Judge ${name.replace(/^judges\//, "").replace(/\/\d+$/, "")}`
  return new SwirlError(message.startsWith(":") ? `${judge}${message}` : `${judge} ${message}`, { kind: "usage" })
}
