/** What step judges, by name, have to know of how the sandbox words its questions: its vocabulary is small and closed. */
export const judgeOptions = {
  grounded: {
    vocabulary: "closed" as const,
    relations: "born lives works spouse boss old mayor country based owner capital leader".split(" "),
    implied: { older: "old", age: "old" },
    functionWords:
      `use calculator search both error bad call malformed turn next so no passage matches question answer title
      what who how is are was were at in of the a and or than does do did he she they with each to its by and
      person people city cities company companies country countries where years year total together name number
      many much more fewer`.split(/\s+/),
    calculationWords: ["older", "age", "together"],
    constants: [],
    countsOnly: true,
    maximalQueryWords: 5,
    repeatedNumbers: "first" as const,
    nameAlone: false,
  },
}
