/**
 * JUnit's XML, as CI servers read it. Whatever stands in a text, the document is well-formed: characters that XML 1.0 does
 * not have, such as control characters and halves of pairs, are written as `\u0000`.
 */

export interface TestCase {
  classname: string
  name: string
  properties?: Readonly<Record<string, string | number>>
  /** Absent: passed. */
  outcome?: { kind: "failure" | "error" | "skipped"; message: string; details?: string }
}

export interface TestSuite {
  name: string
  properties?: Readonly<Record<string, string | number>>
  cases: readonly TestCase[]
}

export function junitXml(name: string, suites: readonly TestSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...countsOf(all) })}>`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n")
}

function suiteLines({ name, properties, cases }: TestSuite): string[] {
  return [
    `  <testsuite${attributes({ name, ...countsOf(cases) })}>`,
    ...propertyLines(properties, "    "),
    ...cases.flatMap(caseLines),
    "  </testsuite>",
  ]
}

function caseLines({ classname, name, properties, outcome }: TestCase): string[] {
  const opened = `    <testcase${attributes({ classname, name })}`
  const inside = [
    ...propertyLines(properties, "      "),
    ...(outcome
      ? [
          `      <${outcome.kind}${attributes({ message: outcome.message })}>${textOf(outcome.details ?? "")}</${outcome.kind}>`,
        ]
      : []),
  ]
  return inside.length === 0 ? [`${opened}/>`] : [`${opened}>`, ...inside, "    </testcase>"]
}

function propertyLines(properties: TestSuite["properties"] = {}, indent: string): string[] {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property${attributes({ name, value })}/>`,
  )
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`]
}

function countsOf(cases: readonly TestCase[]) {
  const count = (kind: string): number => cases.filter(({ outcome }) => outcome?.kind === kind).length
  return { tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") }
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${attributeOf(String(value))}"`)
    .join("")

/** Characters of XML 1.0 are these; without the flag `u`, halves of pairs would be two of them. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const written = (text: string): string =>
  text.replace(notInXml, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)

const textOf = (text: string): string =>
  written(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;")

/** A reader makes a space of a bare line break in an attribute. */
const attributeOf = (text: string): string =>
  textOf(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")
