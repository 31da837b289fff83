/** The tasks. Ids name tasks in every record, so they stay as they are when tasks are added or put in another order. */
import type { Task } from "@swirl-ts/core"

export interface WordProblem extends Task {
  answer: string
}

export const tasks: readonly WordProblem[] = [
  {
    id: "test/eggs",
    question: "A box holds 12 eggs. A baker uses up 7 boxes and 5 single eggs. How many eggs is that?",
    answer: "89",
  },
  {
    id: "test/train",
    question: "A train covers 322 km in 3.5 hours. How many kilometres an hour is that?",
    answer: "92",
  },
  {
    id: "test/discount",
    question: "A coat costs 140 dollars and is reduced by 15 percent. How many dollars is it now?",
    answer: "119",
  },
  {
    id: "test/floor",
    question: "A floor of 6.4 m by 3.5 m is laid with tiles of 0.04 square metres. How many tiles are needed?",
    answer: "560",
  },
  {
    id: "test/savings",
    question: "Ada saves 35 dollars a week for 26 weeks and then spends 480. How many dollars are left?",
    answer: "430",
  },
]
