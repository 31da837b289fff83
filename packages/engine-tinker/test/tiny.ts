/** The engine over a fake server: a policy of twelve tokens, and rows for it. */
import {
  type Engine,
  type EngineFactory,
  type EngineServices,
  plainConversation,
  type TextCodec,
  type TrainingRow,
} from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import { tinkerEngine } from "../src/tinker-engine.ts"
import { baseName, vocabularySize } from "./fake-server.ts"

const letters = "\nabcdefghi "
const end = 11

const codec: TextCodec = {
  encode: (text) => Array.from(text, (letter) => Math.max(1, letters.indexOf(letter.toLowerCase()))),
  decode: (ids) => ids.map((id) => letters[id] ?? "").join(""),
  isEndOfTurn: (id) => id === end,
}

export const services: EngineServices = {
  unloaded: async (policy) => ({
    text: {
      codec,
      conversation: plainConversation(codec),
      encodeWhole: codec.encode,
      tokenText: (id) => letters[id] ?? "",
      stops: [],
      endOfTurnTokenIds: [end],
    },
    name: "local:/here/tiny",
    identity: "digest-of-tiny",
    isAdapted: policy.includes("+"),
    contextSize: 64,
    vocabularySize,
  }),
}

/** As the stages make it, with its services. */
export const factory: EngineFactory = {
  ...tinkerEngine(),
  create: (options, host, more) => tinkerEngine().create(options, host, { ...services, ...more }),
}

export const policy = `local:${baseName}`

export const create = (
  url: string,
  {
    host = testHost(),
    abortSignal,
    ...options
  }: { host?: ReturnType<typeof testHost>; abortSignal?: AbortSignal; [option: string]: unknown } = {},
): Promise<Engine> => factory.create({ policy, url, lora: 4, ...options }, host, { ...services, abortSignal })

export const adam = { learningRate: 0.05, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 }

/** Two actions of unequal length at one state, one of them at another. */
export const rows: TrainingRow[] = [
  { promptTokenIds: [1, 2, 3], tokenIds: [4, 11], coefficients: [1, 0.5] },
  { promptTokenIds: [1, 2, 3], tokenIds: [5, 6, 7, 8, 11], coefficients: [-0.5, -0.5, -0.25, 1, 0.75] },
  { promptTokenIds: [2, 9], tokenIds: [4, 4, 11], coefficients: [0.25, 0, -1] },
]

/** log π of every pair of tokens: what the weights are, seen from outside. */
export const pairs: Pick<TrainingRow, "promptTokenIds" | "tokenIds">[] = Array.from(
  { length: vocabularySize },
  (_, id) => ({ promptTokenIds: [id], tokenIds: [id === 0 ? 1 : 0] }),
)
