/** Options of commands whose judge may ask a model. What is not given is left to the judge, so rule judges get none of it. */
import { SwirlError } from "@swirl-ts/core"
import { parseJson } from "@swirl-ts/kit"
import { type Command, Option } from "commander"
import { positive } from "./app.ts"

export interface JudgeModelOptions {
  judgeModel?: string
  judgeBaseUrl?: string
  votes?: number
  template?: string
  judgeOption: Record<string, unknown>
}

/** `temperature=0.5` -> { temperature: 0.5 }; values are JSON, or text where they are not. */
export function parseOption(text: string, previous: Record<string, unknown>): Record<string, unknown> {
  const equals = text.indexOf("=")
  if (equals < 1) throw new SwirlError(`An option is name=value, not "${text}".`, { kind: "usage" })
  const value = text.slice(equals + 1)
  const parsed = parseJson(value)
  return { ...previous, [text.slice(0, equals)]: parsed === undefined ? value : parsed }
}

/** The environment (SWIRL_JUDGE_MODEL, SWIRL_JUDGE_BASE_URL) is read by the judge itself: it names a model, no judge. */
export function withJudgeModelOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--judge-model <model>",
        "the model that judges, e.g. openai:<model> (environment: SWIRL_JUDGE_MODEL)",
      ),
    )
    .addOption(
      new Option(
        "--judge-base-url <url>",
        "its OpenAI-compatible server, apart from the policy's (environment: SWIRL_JUDGE_BASE_URL)",
      ),
    )
    .addOption(new Option("--votes <k>", "ask the judge's model k times and count").argParser(positive))
    .addOption(new Option("--template <file>", "the judge's whole prompt, with {question} and its other placeholders"))
    .addOption(
      new Option("--judge-option <name=value>", "any option of the judge, e.g. temperature=0.5 (repeatable)")
        .argParser(parseOption)
        .default({}, "none"),
    )
}

/** What the judge is created with. */
export function judgeModelOptions(options: JudgeModelOptions): Record<string, unknown> {
  const { judgeModel, judgeBaseUrl, votes, template, judgeOption } = options
  const given = { model: judgeModel, baseUrl: judgeBaseUrl, votes, template }
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), ...judgeOption }
}

/** `--judge-model` alone means the judge that asks one. */
export const judgeName = (options: { judge?: string } & JudgeModelOptions, otherwise: string): string =>
  options.judge ?? (options.judgeModel ? "llm" : otherwise)
