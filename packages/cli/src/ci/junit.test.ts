import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { summaryMarkdown } from "./ci-files.ts"
import { comparisonChecks } from "./comparison-report.ts"
import { junitXml } from "./junit.ts"

/** What an XML 1.0 reader makes of an attribute or a text: entities are read back. */
const read = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")

/** As it is shown: what XML has no sign for is spelled. */
const shown = (text: string): string =>
  [...text]
    .map((sign) =>
      /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(sign)
        ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`
        : sign,
    )
    .join("")

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "\0",
        "\x1b",
        "\x85",
        "\ud800",
        "\uffff",
        "]]>",
        "&",
        "<",
        '"',
        "'",
        "\n",
        "\r\n",
        "\t",
        "é",
        "😀",
      ),
    )
    .map((parts) => parts.join("")),
)

describe("JUnit", () => {
  test("is well-formed whatever stands in its texts, and says them", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (name, message, details) => {
        const cases = [
          {
            classname: name,
            name,
            properties: { [name]: message },
            outcome: { kind: "failure" as const, message, details },
          },
        ]
        const xml = junitXml("n", [{ name, cases }])
        expect(xml).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u)
        const body = xml.slice(xml.indexOf("?>") + 2)
        // Every < opens a tag of ours, and every attribute is closed within it.
        expect(body.match(/</g)).toHaveLength(
          body.match(/<\/?(testsuites|testsuite|testcase|properties|property|failure)((?: \w+="[^"<]*")*)\/?>/g)!
            .length,
        )
        expect(body).not.toMatch(/&(?!#\d+;|quot;|lt;|gt;|amp;)/)
        const [, at, inside] = /<failure message="([^"]*)">([^<]*)<\/failure>/.exec(body)!
        expect(read(at!)).toBe(shown(message))
        expect(read(inside!)).toBe(shown(details))
      }),
      { numRuns: 300 },
    )
  })

  test("counts what failed and what was skipped, and leaves out what has nothing inside", () => {
    const xml = junitXml("swirl", [
      {
        name: "a",
        properties: { accuracy: 0.5 },
        cases: [
          { classname: "a", name: "1" },
          { classname: "a", name: "2", outcome: { kind: "skipped", message: "no score" } },
          { classname: "a", name: "3", outcome: { kind: "failure", message: "below" } },
        ],
      },
    ])
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="swirl" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="a" tests="3" failures="1" errors="0" skipped="1">
    <properties>
      <property name="accuracy" value="0.5"/>
    </properties>
    <testcase classname="a" name="1"/>
    <testcase classname="a" name="2">
      <skipped message="no score"></skipped>
    </testcase>
    <testcase classname="a" name="3">
      <failure message="below"></failure>
    </testcase>
  </testsuite>
</testsuites>
`)
  })
})

describe("the summary", () => {
  test("is a table that no text leaves", () => {
    const markdown = summaryMarkdown({
      title: "eval <script>",
      suites: [],
      checks: [
        { of: "a", name: "fine" },
        { of: "b", name: "score", failure: "too | low" },
      ],
      rows: [
        ["cell", "score"],
        ["a|b\n# c", "12.5"],
      ],
      notes: ["<b>note</b>"],
    })
    expect(markdown).toBe(`### eval &lt;script&gt;

- ✅ a: fine
- ❌ b: score: **too \\| low**

| cell | score |
|---|---:|
| a\\|b \\# c | 12.5 |

- &lt;b&gt;note&lt;/b&gt;
`)
  })
})

describe("thresholds of a comparison", () => {
  const compared = (value: number, ci: [number, number]) =>
    ({ cell: "c", base: {}, result: { change: { value, ci, p: 0.01 } } }) as unknown as Parameters<
      typeof comparisonChecks
    >[0]
  const failed = (...given: Parameters<typeof comparisonChecks>) =>
    comparisonChecks(...given).map(({ failure }) => failure !== undefined)

  test("are a lowest change, and none that is worse by its whole interval", () => {
    const both = { threshold: -0.02, failOnWorse: true }
    expect(failed(compared(-0.02, [-0.05, 0.01]), both)).toEqual([false, false])
    expect(failed(compared(-0.03, [-0.05, 0.01]), both)).toEqual([true, false])
    expect(failed(compared(-0.01, [-0.015, -0.001]), both)).toEqual([false, true])
    expect(failed(compared(-1, [-1, -1]), { failOnWorse: false })).toEqual([])
  })
})
