/**
 * How a run asks its questions where that is not the benchmark's own way: a template in place of its wording, worked examples
 * before the question. It decides trajectories, so it is part of a run's identity; a benchmark's own way adds nothing to it.
 */
import { z } from "zod"
import { type PromptTemplate, parsePromptTemplate } from "./prompt-template.ts"

export interface Prompting {
  template?: PromptTemplate
  /** Worked examples before each question; absent: as many as the benchmark's own options say. */
  shots?: number
}

/** As `run.json` has it, in the settings of a stage. */
export interface PromptingSettings {
  prompt?: { file: string; digest: string; text: string }
  shots?: number
}

export const promptingSettings = ({ template, shots }: Prompting = {}): PromptingSettings => ({
  prompt: template && { file: template.source, digest: template.digest, text: template.text },
  shots,
})

const SettingsSchema = z.looseObject({
  prompt: z.looseObject({ file: z.string(), digest: z.string(), text: z.string() }).optional(),
  shots: z.int().min(0).optional(),
})

/** What a stage was asked with, from its settings; undefined where that was the benchmark's own way. */
export function recordedPrompting(settings: Readonly<Record<string, unknown>> | undefined): Prompting | undefined {
  const { data } = SettingsSchema.safeParse(settings)
  if (!data?.prompt && data?.shots === undefined) return undefined
  const { prompt, shots } = data
  return { template: prompt && parsePromptTemplate(prompt.text, prompt.file), shots }
}

/** How two ways of asking differ, as clauses: which template, how many examples. */
export function promptingDifferences(before: Prompting | undefined, now: Prompting | undefined): string[] {
  const named = (template: PromptTemplate | undefined): string =>
    template ? `the prompt template ${template.source} (${template.digest.slice(0, 8)})` : "the benchmark's own wording"
  const counted = (shots: number | undefined): string =>
    shots === undefined
      ? "the benchmark's own worked examples"
      : `${shots} worked ${shots === 1 ? "example" : "examples"}`
  return [
    ...(before?.template?.digest === now?.template?.digest
      ? []
      : [`its questions were asked by ${named(before?.template)} and are asked by ${named(now?.template)} now`]),
    ...(before?.shots === now?.shots ? [] : [`they had ${counted(before?.shots)} and have ${counted(now?.shots)} now`]),
  ]
}

/** What it adds to a run's identity; undefined where it is the benchmark's own way. */
export const promptingIdentity = ({ template, shots }: Prompting = {}): object | undefined =>
  template || shots !== undefined ? { prompt: template?.digest, shots } : undefined
