import type { Matrix } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { fixture } from "../test/fixture.ts"
import { fullMatrix, hostileName } from "../test/full-matrix.ts"
import { parse, texts } from "../test/parse.ts"
import { reportMatrix } from "./matrix-facts.ts"
import { renderReport } from "./render.ts"

const pageOf = (matrix: Matrix): string =>
  renderReport({ title: "A matrix", createdAt: "2026-11-23T00:00:00Z", headline: [], matrix: reportMatrix(matrix) })

describe("a matrix on the page", () => {
  const page = pageOf(fullMatrix)
  const elements = parse(page)
  const rows = texts(elements, "tr")

  it("shows beside a number what it is over, and its column what it can hold and show", () => {
    expect(rows.find((row) => row.includes("seed 7") && row.startsWith("swirl-calc-process"))).toMatch(
      /70\.7.*▲ \+47\.7.*p < \.001, n = 298, 2 unscored \(0\.7 %\), 1 of them errors, 5 at a limit.*Holm's p < \.001.*3 leaked.*good steps 87\.5 % of 800.*gold steps met 61\.3 %/s,
    )
    expect(texts(elements, "th").find((head) => head.startsWith("lookup/test"))).toBe(
      "lookup/testcorpus holds 183 of 290 (63.1 %)can show 8.3 points",
    )
    expect(texts(elements, "h3")).toEqual([
      "Heat map",
      "Trainings over their seeds",
      "Contrasts declared before the run",
      "Budgets",
      "Cells",
      "Published numbers, not measured here",
    ])
  })

  it("says what is not there and why, never a blank or a 0", () => {
    expect(rows.filter((row) => row.startsWith("sft-calc-process") && row.includes("seed 9"))[0]).toContain(
      "no resultthe filter kept no trajectory",
    )
    expect(rows.find((row) => row.startsWith(hostileName))).toMatch(/no sample has a score: 300 errors.*not run yet/s)
    expect(texts(elements, "td").filter((text) => text.trim() === "" && text !== "")).toEqual([])
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  it("calls a sampled base that is missing missing, and a greedy one as the base", () => {
    const baseBySeed = [{ seed: 8, cells: {} }]
    const [, base] = texts(parse(pageOf({ ...fullMatrix, baseBySeed })), "tr").filter((row) =>
      row.includes("before training"),
    )
    expect(base).toMatch(/seed 8\s*greedy: as the base\s*greedy: as the base\s*not run yet$/)
  })

  it("marks no change over seeds of which nothing can be said", () => {
    const overSeeds = fullMatrix.overSeeds!.map((row) => ({
      ...row,
      cells: { "lookup/test": { accuracy: 0.5, change: { value: 0.05, seeds: 1, questions: 298 } } },
    }))
    const page = parse(pageOf({ ...fullMatrix, overSeeds }))
    const heat = page.filter(({ tag, attributes }) => tag === "td" && /^warm-1/.test(attributes.class ?? ""))
    expect(heat.map(({ text }) => text.trim())).toEqual(["+5.0", "+5.0"])
  })

  it("draws a heat map that says its colours in words: number, mark, own task and family", () => {
    const heat = elements.filter(
      ({ tag, attributes }) => tag === "td" && /^(warm|cold)-\d/.test(attributes.class ?? ""),
    )
    expect(heat.map(({ text, attributes }) => `${attributes.class} ${text}`)).toEqual([
      "warm-4 trained +48.0 ▲own task",
      "warm-1 +5.0 △",
      "cold-1 family −3.0 ·same family",
      "warm-4 trained +48.0 ▲own task",
      "warm-1 +5.0 △",
      "cold-1 family −3.0 ·same family",
      "warm-0 +0.0 ·",
      "warm-4 +37.0 ▲",
      "cold-1 −5.0 ·",
    ])
    expect(
      elements.filter(({ attributes }) => attributes.role === "img").map(({ attributes }) => attributes["aria-label"]),
    ).toEqual(expect.arrayContaining(["higher than base before Holm's correction, not after it", "no clear change"]))
  })

  it("shows filters side by side where nothing else differs, the budget neither", () => {
    const [row] = fullMatrix.rows
    const allowed = (filter: string, budget?: { trajectories?: number; states?: number }) => ({
      ...row!,
      name: `${filter}-${JSON.stringify(budget)}`,
      filter,
      budget,
    })
    const [few, states] = [{ trajectories: 1500 }, { states: 600 }]
    const rows = [allowed("none", few), allowed("process", few), allowed("none", states), allowed("process", states)]
    const told = (some: typeof rows) =>
      texts(parse(pageOf({ ...fullMatrix, rows: some })), "h3").filter((title) => title.startsWith("Trained on"))
    expect(told(rows)).toEqual([
      "Trained on calc with swirl, judge grounded, 1,500 trajectories at most",
      "Trained on calc with swirl, judge grounded, 600 states at most",
    ])
    expect(told([allowed("none", few), allowed("process", states)])).toEqual([])
    expect(told([allowed("none"), allowed("process")])).toEqual(["Trained on calc with swirl, judge grounded"])
  })

  it("leaves out of a plain matrix what it has nothing of", () => {
    const plain = texts(parse(renderReport(fixture())), "h3").concat(renderReport(fixture()))
    for (const title of [
      "Budgets",
      "Contrasts declared",
      "Published numbers",
      "over their seeds",
      "Holm's p",
      "leaked",
    ]) {
      expect(plain.join("\n")).not.toContain(title)
    }
  })
})
