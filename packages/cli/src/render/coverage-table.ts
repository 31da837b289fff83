/** Corpus coverage as people read it: what is counted is said in words, so that nobody takes one query for what a policy can find. */
import { counted } from "@swirl-ts/kit"
import { interval, percent } from "@swirl-ts/report"
import type { CorpusCoverage, CoverageCount } from "@swirl-ts/stages"
import { table } from "./table.ts"

export function coverageTable(coverage: CorpusCoverage): string[] {
  const { benchmark, split, corpora, corpus, passages, retriever, k, questions, known, shares } = coverage
  if (known === 0)
    return [`${benchmark}/${split}: none of ${questions} questions has gold titles, so there is nothing to look for.`]
  const searched = corpus === undefined ? `${corpora} corpora` : "one corpus"
  const rows: [CoverageCount, string, number][] = [
    ["known", "gold titles are known", questions],
    ["held", "the corpus holds a passage of each of them", known],
    ["found", `the question's own words find all of them among the first ${k}`, known],
    ["foundAny", "… find one of them, at least", known],
    ["reachable", `each is found among the first ${k} by these or its own title`, known],
  ]
  return [
    `${benchmark}/${split}: ${searched}, ${passages} passages; ${retriever}`,
    ...table([
      ["questions of which", "share", "95 % interval", "n"],
      ...rows.map(([count, what, of]) => {
        const share = shares[count]
        return [
          what,
          share ? `${percent(share.value)} %` : "–",
          share ? interval(share.ci, percent) : "–",
          `${coverage[count]}/${of}`,
        ]
      }),
    ]),
    "One query, of the question's words: a policy that searches in steps may find more, up to what is reachable and beyond.",
    ...missingLines(coverage),
  ]
}

function missingLines({ known, held, missing, questions, unknown }: CorpusCoverage): string[] {
  const rest = (count: number, shown: number): string[] => (count > shown ? [`  … and ${count - shown} more`] : [])
  return [
    ...(missing.length > 0
      ? [
          `Not in the corpus, of ${counted(known - held, "question")}:`,
          ...missing.map(({ id, titles }) => `  ${id}: ${titles.join(" | ")}`),
          ...rest(known - held, missing.length),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          `Without gold titles: ${unknown.join(", ")}${questions - known > unknown.length ? `, … (${questions - known})` : ""}`,
        ]
      : []),
  ]
}
