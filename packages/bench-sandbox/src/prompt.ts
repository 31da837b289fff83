/** The first prompt: which tool to use, then the question. The embedded policy has no words for more. */
import { type Prompt, userMessage } from "@swirl-ts/core"
import type { Domain, SandboxTask } from "./task.ts"

const toolsToUse: Record<Domain, string> = { calc: "calculator", lookup: "search", mixed: "both" }

export const promptText = ({ domain, question }: Pick<SandboxTask, "domain" | "question">): string =>
  `use ${toolsToUse[domain]} . ${question}`

export const promptOf = (task: SandboxTask): Prompt => [userMessage(promptText(task))]
