/**
 * The first reading of an import: every file as a whole, before anything is written, so that a file that is broken or of another
 * tool has written nothing. What is known after it is what the second reading needs; texts are not held.
 */
import { contentHash, type FunctionTool } from "@swirl-ts/core"
import { type FileVersion, fileDigest, fileVersion } from "@swirl-ts/kit"
import type { ForeignConversation, Importer } from "./conversation.ts"
import { toolsOf } from "./conversation-steps.ts"
import { distinctTools } from "./function-tools.ts"
import { conversationKeys, importedParts } from "./imported-trajectory.ts"
import { fileTitle } from "./openai-chat.ts"
import { questionKey, questionTexts } from "./question-match.ts"

export interface PreparedFile {
  path: string
  digest: string
  version: FileVersion | undefined
}

export interface PreparedImport {
  files: PreparedFile[]
  /** By name of the questions: what was offered, and who gave a score that is a number, in order of first appearance. */
  questions: Map<string, { tools: FunctionTool[]; scorers: string[] }>
  /** Of every text that may be a benchmark's question. */
  texts: Set<string>
  /** What is coming, by key and turn. */
  coming: Map<string, { id: string; scores: string }>
  conversations: number
}

export const comingKey = (key: string, turn: number): string => `${key} ${turn}`
export const scoresDigest = (scores: unknown): string => contentHash(scores ?? [])

export async function prepareImport(
  importer: Importer,
  paths: readonly string[],
  {
    questionsName,
    abortSignal,
    onConversation,
  }: { questionsName?: string; abortSignal?: AbortSignal; onConversation?(count: number): void },
): Promise<PreparedImport> {
  const prepared: PreparedImport = {
    files: [],
    questions: new Map(),
    texts: new Set(),
    coming: new Map(),
    conversations: 0,
  }
  for (const path of paths) {
    const version = fileVersion(path)
    prepared.files.push({ path, digest: await fileDigest(path, { abortSignal }), version })
    const keyOf = conversationKeys(importer.name)
    const log = await importer.open(path)
    for await (const conversation of log.conversations()) {
      abortSignal?.throwIfAborted()
      see(prepared, importer.name, conversation, keyOf(conversation), questionsName ?? questionsOf(conversation, path))
      onConversation?.(++prepared.conversations)
    }
  }
  return prepared
}

function see(
  { questions, texts, coming }: PreparedImport,
  format: string,
  conversation: ForeignConversation,
  key: string,
  name: string,
): void {
  const known = questions.get(name) ?? { tools: [], scorers: [] }
  questions.set(name, {
    tools: distinctTools([...known.tools, ...toolsOf(conversation)]),
    scorers: [...new Set([...known.scorers, ...numbered(conversation)])],
  })
  for (const { trajectory, turn, isLast } of importedParts(format, conversation, key)) {
    const scores = scoresDigest(isLast ? conversation.scores : [])
    coming.set(comingKey(key, turn), { id: trajectory.id, scores })
    for (const text of questionTexts([trajectory.question])) texts.add(questionKey(text))
  }
}

/** The name of the questions that a conversation is one of. */
export const questionsOf = ({ questions }: Pick<ForeignConversation, "questions">, path: string): string =>
  questions ?? fileTitle(path)

const numbered = ({ scores }: ForeignConversation): string[] =>
  scores.flatMap(({ scorer, number }) => (number === undefined ? [] : [scorer]))
