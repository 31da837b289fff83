import fc from "fast-check"
import { expect, it } from "vitest"
import { TemplateError } from "./errors.ts"
import { compileTemplate } from "./template.ts"

const render = (template: string, variables: Record<string, unknown> = {}): string =>
  compileTemplate(template)(variables)
const anyText = fc.string({ unit: "binary" })

it("leaves text alone, but for one line break at its end", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = text.replaceAll("{", "(").replaceAll("\r", "")
      expect(render(plain)).toBe(plain.replace(/\n$/, ""))
      expect(render(`{{ text }}${plain}|`, { text })).toBe(`${text}${plain}|`)
    }),
  )
})

it("reads any text back from its literal, from JSON, from its letters and from its parts", () => {
  fc.assert(
    fc.property(
      anyText,
      fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom("a", " ", "😀", "\n") }),
      (text, by) => {
        const literal = [...text].map((letter) => `\\U${letter.codePointAt(0)!.toString(16).padStart(8, "0")}`).join("")
        expect(render(`{{ '${literal}' }}|`)).toBe(`${text}|`)
        expect(JSON.parse(render("{{ text | tojson }}", { text }))).toBe(text)
        expect(JSON.parse(render("{{ text | tojson(ensure_ascii=true) }}", { text }))).toBe(text)
        expect(render("{{ text | list | join }}|{{ text[::-1] | reverse }}|", { text })).toBe(`${text}|${text}|`)
        expect(render("{{ by.join(text.split(by)) }}|{{ by.join(text.rsplit(by, 2)) }}|", { text, by })).toBe(
          `${text}|${text}|`,
        )
        expect(render("{{ text.partition(by) | join }}|{{ text.splitlines(true) | join }}|", { text, by })).toBe(
          `${text}|${text}|`,
        )
      },
    ),
  )
})

it("writes any value as JSON that means the same, in one line or indented", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const meant = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(render("{{ value | tojson }}", { value }))).toEqual(meant)
      expect(JSON.parse(render("{{ value | tojson(indent=2) }}", { value }))).toEqual(meant)
      expect(JSON.parse(render("{{ value | tojson(separators=(',', ':')) }}", { value }))).toEqual(meant)
    }),
  )
})

it("calculates with whole numbers of any size as Python does", () => {
  const whole = fc.oneof(fc.integer(), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.maxSafeInteger())
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const [x, y] = [BigInt(a), BigInt(b)]
      expect(render("{{ a + b }} {{ a - b }} {{ a * b }}", { a, b })).toBe(`${x + y} ${x - y} ${x * y}`)
      if (y === 0n) return
      const rest = ((x % y) + y) % y
      expect(render("{{ a % b }} {{ a // b }}", { a, b })).toBe(`${rest} ${(x - rest) / y}`)
    }),
  )
})

it("renders or refuses with a line whatever stands in a template", () => {
  const words =
    "{{ }} {% %} {%- -%} {# #} if else endif for in endfor set = macro endmacro ( ) [ ] { } , : . | ~ + - ** // 'a' 1 2.5 x none is not defined loop map join (x) raw endraw call endcall filter recursive\n".split(
      " ",
    )
  const soup = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 2 })), { maxLength: 14 })
  fc.assert(
    fc.property(soup, fc.boolean(), (parts, isTag) => {
      const text = isTag ? `{{ ${parts.join(" ")} }}` : parts.join(" ")
      try {
        expect(typeof render(text, { x: [1, "b", null] })).toBe("string")
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
        expect((error as TemplateError).line).toBeGreaterThan(0)
        expect((error as Error).message).not.toMatch(/undefined \(|is not a function|is not iterable|Cannot read/)
      }
    }),
    { numRuns: 500 },
  )
})
