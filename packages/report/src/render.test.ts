import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fixture, sample } from "../test/fixture.ts"
import { type Element, parse, texts } from "../test/parse.ts"
import type { ReportInput } from "./data.ts"
import { renderReport } from "./render.ts"

const empty: ReportInput = { title: "Empty", createdAt: "2026-11-23T00:00:00Z", headline: [] }
const shape = (elements: Element[]) => elements.map(({ tag, attributes }) => [tag, attributes.class, attributes.id])

/** Every text a report can hold, in the place where a model, a user or a file could put it. */
function filled(text: string): ReportInput {
  const data = fixture()
  const [first, ...rest] = data.matrix!.rows
  const alarm = { step: 3, kind: text, message: text }
  const step = sample("id", text, text, [
    [text, "bad", text, text],
    [text, "good", text],
  ])
  step.trajectory.error = text
  step.trajectory.prompt = [{ role: "system", content: text }, ...step.trajectory.prompt]
  step.trajectory.steps[0]!.malformed = text
  step.trajectory.steps[0]!.kind = "malformed"
  for (const verdict of step.verdicts) verdict.judge = text
  const cell = data.matrix!.rows[1]!.cells["calc/test"]!
  return {
    title: text,
    createdAt: text,
    headline: [text, text],
    matrix: {
      columns: [text, "calc/test"],
      rows: [
        first!,
        {
          ...rest[0]!,
          name: text,
          train: text,
          filter: text,
          algorithm: text,
          judge: text,
          alarms: [alarm],
          cells: { [text]: cell },
        },
        { ...rest[0]!, train: text, filter: "none", algorithm: text, judge: text, cells: { [text]: cell } },
      ],
    },
    trainings: [{ name: text, metrics: data.trainings![0]!.metrics, alarms: [alarm] }],
    calibration: [{ ...data.calibration![0]!, judge: text, oracle: text, task: text }],
    tools: [{ name: text, calls: 2, errors: 1, reasons: { [text]: 1 } }],
    samples: [step],
    provenance: { [text]: text },
    commands: [text],
    counts: { [text]: 1 },
    caveats: [text],
  }
}

describe("a report", () => {
  it("is well-formed and shows every part", () => {
    const elements = parse(renderReport(fixture()))
    expect(texts(elements, "title")).toEqual(["Made-up test data: layout of a demo report"])
    expect(texts(elements, "h2")).toEqual([
      "Results",
      "What the filter does",
      "Training: the judge's view against fresh roll-outs",
      "How far the judge can be trusted",
      "Trajectories to read",
      "How it was made",
      "What these numbers do not say",
    ])
    const links = elements.flatMap(({ attributes }) => attributes.href ?? [])
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? [])
    expect(links.map((link) => link.slice(1))).toEqual(ids)
    expect(texts(elements, "tr").find((row) => row.startsWith("swirl-calc-process"))).toMatch(
      /70\.0\s*▲ \+47\.7.*p < \.001, n = 300/,
    )
    expect(elements.filter(({ tag }) => tag === "details")).toHaveLength(5)
  })

  it("loads nothing and runs nothing", () => {
    const text = renderReport(fixture())
    expect(text).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    )
    expect(text).not.toMatch(/<(?:script|link|img|iframe|object|form|base)\b|https?:|url\(|@import|javascript:/i)
  })

  it("marks changes in words and signs, not in colour alone", () => {
    const elements = parse(renderReport(fixture()))
    const cells = elements.filter(
      ({ tag, attributes }) => tag === "td" && /\b(?:up|down|unclear)\b/.test(attributes.class ?? ""),
    )
    expect(cells).toHaveLength(25)
    for (const { attributes, text } of cells) {
      const way = /up|down|unclear/.exec(attributes.class!)![0] as "up" | "down" | "unclear"
      expect(text).toContain({ up: "▲ +", down: "▼ −", unclear: "·" }[way])
      expect(attributes.title).toContain({ up: "higher", down: "lower", unclear: "no clear" }[way])
    }
  })

  it("shows an alarm at its step and labels gamed and oracle rows", () => {
    const elements = parse(renderReport(fixture()))
    expect(texts(elements, "text")).toContain("gaming")
    expect(texts(elements, "li").some((text) => /gaming\s*step 20: judged reward rose/.test(text))).toBe(true)
    const rows = texts(elements, "th")
    expect(rows.find((text) => text.startsWith("swirl-calc-none"))).toContain("gamed its judge")
    expect(rows.find((text) => text.startsWith("swirl-calc-oracle"))).toContain("oracle judge: upper bound")
  })

  it("shows the steps of a sample with text, result, verdict and reason", () => {
    const wrong = texts(parse(renderReport(fixture())), "details").at(-1)!
    for (const part of [
      "next <math_exp> 17 * 3",
      "error : malformed turn",
      "✗ bad",
      "the same call was already made in step 1",
      "answer wrong",
    ]) {
      expect(wrong).toContain(part)
    }
  })

  it("leaves out sections that have nothing to show, and says what is unknown", () => {
    expect(texts(parse(renderReport(empty)), "h2")).toEqual([])
    const { matrix } = fixture()
    const limits = texts(parse(renderReport({ ...empty, matrix })), "li").join("\n")
    expect(limits).toMatch(/One training seed/)
    expect(limits).toMatch(/not calibrated/)
    expect(limits).toMatch(/upper bound/)
    expect(limits).toMatch(/gamed their judge/)
  })

  it("draws cells that were not measured, metrics that are missing and empty trajectories", () => {
    const data = fixture()
    delete data.matrix!.rows[1]!.cells["mixed/test"]
    data.trainings![0]!.metrics = [{ schema: "swirl.metric/1", step: 0, values: { judgedReward: null }, alarms: [] }]
    data.samples![0]!.trajectory.steps = []
    data.samples![0]!.verdicts = []
    const text = renderReport(data)
    expect(text).toContain("not measured")
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
    parse(text)
  })

  it("refuses data that is no report", () => {
    expect(() => renderReport({ ...empty, headline: "no list" } as never)).toThrow(/headline/)
  })
})

describe("hostile text", () => {
  const plain = shape(parse(renderReport(filled("plain words"))))

  it.each(
    [
      "<script>alert(1)</script>",
      "</title><script>alert(1)</script>",
      "</style></pre></details></svg><img src=x onerror=alert(1)>",
      `" onmouseover="alert(1)" x="`,
      "' onfocus='alert(1)' autofocus '",
      "<!-- --><![CDATA[ ]]>&lt;&#60;&#x3c;",
      "a\u2028b\u2029c",
      "\ud800 and \udfff",
      "\u202egnp.exe \u0000 \u0007 \u001b[31m",
      "<".repeat(1_000_000),
      "\ud83d".repeat(1_000_000),
      "constructor",
    ].map((text) => [text.slice(0, 60), text] as const),
  )("%j changes nothing but text", (_, text) => {
    const page = renderReport(filled(text))
    expect(page.isWellFormed()).toBe(true)
    expect(page.length).toBeLessThan(900_000)
    const elements = parse(page)
    const tags = (list: ReturnType<typeof shape>) => list.map(([tag]) => tag).join(" ")
    // Long and special texts may be shown as blocks; what matters is that no element is made by the text.
    expect(tags(shape(elements)).replaceAll("dd pre", "dd")).toBe(tags(plain).replaceAll("dd pre", "dd"))
    expect(
      elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => /^on|^src$/.test(name)),
    ).toEqual([])
  })

  it("survives names of object internals; a key __proto__ is dropped", () => {
    for (const text of ["__proto__", "toString", "hasOwnProperty"]) parse(renderReport(filled(text)))
  })

  it("keeps its structure for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        parse(renderReport(filled(text)))
      }),
      { numRuns: 15 },
    )
  })
})
