/** The kinds of plugin that are made, by the names people type. Each has its folder in `templates`. */
export interface Kind {
  /** What it is, for the list of kinds. */
  what: string
  /** The arguments of `swirl` that show it at work, in the made folder; `PLUGIN` stands for the sources. */
  attempt: string
}

export const kinds = {
  tool: {
    what: "something that models can call: here, a converter of units with three fields",
    attempt: `tool convert '{"value": 5, "from": "km", "to": "mi"}' PLUGIN`,
  },
  benchmark: {
    what: "tasks, their first prompts and their score: here, five word problems for a calculator",
    attempt: "show word-problems PLUGIN",
  },
  judge: {
    what: "says of one step whether it is good, without the reference: here, two rules",
    attempt: "list judges PLUGIN",
  },
  filter: {
    what: "keeps or drops whole trajectories for training: here, short ones without failed calls",
    attempt: "list filters PLUGIN",
  },
  algorithm: {
    what: "improves a policy on recorded trajectories: here, the smallest policy gradient",
    attempt: "list algorithms PLUGIN",
  },
  model: {
    what: "answers prompts: here, a Markov chain over the words of a file",
    attempt: "eval calc --limit 4 --model markov PLUGIN",
  },
  engine: {
    what: "computes and applies gradients: here, a table of letters",
    attempt: "generate calc --limit 2 --model table PLUGIN",
  },
  "action-format": {
    what: "how calls and answers are written in a conversation: here, lines of JSON",
    attempt: "list actionFormats PLUGIN",
  },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof kinds
export const kindNames = Object.keys(kinds) as KindName[]
