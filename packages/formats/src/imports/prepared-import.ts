/**
 * The first reading of an import: every file as a whole, before anything is written, so that a file that is broken or of another
 * tool has written nothing. What is known after it is what the second reading needs; texts are not held.
 */
import { contentHash, type FunctionTool, SwirlError, suggestion } from "@swirl-ts/core"
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
/** Of what a log gives; another scorer that stands for the others makes another sample. */
export const scoresDigest = (scores: readonly unknown[] = [], scorer?: string): string =>
  contentHash(scorer === undefined ? scores : [scores, scorer])

export async function prepareImport(
  importer: Importer,
  paths: readonly string[],
  {
    questionsName,
    scorer,
    abortSignal,
    onConversation,
  }: { questionsName?: string; scorer?: string; abortSignal?: AbortSignal; onConversation?(count: number): void },
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
      const name = questionsName ?? questionsOf(conversation, path)
      see(prepared, { format: importer.name, conversation, key: keyOf(conversation), name, scorer })
      onConversation?.(++prepared.conversations)
    }
  }
  if (scorer !== undefined) checkScorer(prepared, scorer)
  return prepared
}

/** Where none of the questions has it, it is a mistake; where some have not, their samples say so. */
function checkScorer({ questions }: PreparedImport, scorer: string): void {
  const known = [...new Set([...questions.values()].flatMap(({ scorers }) => scorers))]
  if (known.includes(scorer)) return
  throw new SwirlError(
    known.length === 0
      ? `No score in these logs is a number, of ${scorer} or of any other scorer. Leave --scorer out.`
      : `No score in these logs is of "${scorer}".${suggestion(scorer, known)} There is ${known.join(", ")}.`,
    { kind: "usage" },
  )
}

interface Seen {
  format: string
  conversation: ForeignConversation
  key: string
  name: string
  scorer: string | undefined
}

function see({ questions, texts, coming }: PreparedImport, { format, conversation, key, name, scorer }: Seen): void {
  const known = questions.get(name) ?? { tools: [], scorers: [] }
  questions.set(name, {
    tools: distinctTools([...known.tools, ...toolsOf(conversation)]),
    scorers: [...new Set([...known.scorers, ...numbered(conversation)])],
  })
  for (const { trajectory, turn, isLast } of importedParts(format, conversation, key)) {
    const isScored = isLast && conversation.scores.length > 0
    const scores = isScored ? scoresDigest(conversation.scores, scorer) : scoresDigest()
    coming.set(comingKey(key, turn), { id: trajectory.id, scores })
    for (const text of questionTexts([trajectory.question])) texts.add(questionKey(text))
  }
}

/** The name of the questions that a conversation is one of. */
export const questionsOf = ({ questions }: Pick<ForeignConversation, "questions">, path: string): string =>
  questions ?? fileTitle(path)

const numbered = ({ scores }: ForeignConversation): string[] =>
  scores.flatMap(({ scorer, number }) => (number === undefined ? [] : [scorer]))
