import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { corpusOfFile } from "./corpus-source.ts"

async function read(text: string | Buffer) {
  const corpus = await corpusOfFile(join(temporaryFolder({ "corpus.jsonl": text }), "corpus.jsonl"))
  return { passages: await Array.fromAsync(corpus.passages()), skipped: corpus.skipped!(), id: corpus.id }
}

describe("a corpus file", () => {
  test("gives its passages; bad lines are left out, counted and named", async () => {
    const { passages, skipped } = await read(
      '\uFEFF{"title":"a","text":"x"}\r\n\n{"title":"b"\n{"text":"no title"}\n[]\n{"title":1,"text":""}\n{"title":"c","text":""}\n{"title":"İ","text":"\\u00a0"}',
    )
    expect(passages).toEqual([
      { title: "a", text: "x" },
      { title: "", text: "no title" },
      { title: "c", text: "" },
      { title: "İ", text: "\u00a0" },
    ])
    expect(skipped).toEqual({
      count: 3,
      lines: ["line 3: not JSON", "line 5: not an object", "line 6: a title that is no text"],
    })
  })

  test("keeps no line that is not UTF-8, and splits at line feeds alone", async () => {
    const bad = Buffer.from('{"title":"Troms\u00f8","text":"x"}\n', "latin1")
    const good = Buffer.from('{"title":"Tromsø","text":"a\u2028b"}\n')
    const { passages, skipped } = await read(Buffer.concat([good, bad, good, Buffer.from('{"text":"end"}')]))
    const kept = { title: "Tromsø", text: "a\u2028b" }
    expect(passages).toEqual([kept, kept, { title: "", text: "end" }])
    expect(skipped).toEqual({ count: 1, lines: ["line 2: not UTF-8"] })
  })

  test("may have lines and letters that cross the pieces it is read in", async () => {
    const expected = Array.from({ length: 9 }, (_, i) => ({ title: `${i}`, text: "ø".repeat(50_001 * i) }))
    const { passages, skipped } = await read(expected.map((passage) => JSON.stringify(passage)).join("\n"))
    expect(passages).toEqual(expected)
    expect(skipped.count).toBe(0)
  })

  test("of which more than half is bad, or all is empty, is an error with file and lines", async () => {
    await expect(read('{"title":"a","text":"x"}\nb\nc\n')).rejects.toThrow(
      /corpus\.jsonl has 1 passage and 2 lines that are none \(line 2: not JSON/,
    )
    await expect(read("\n")).rejects.toThrow(/has 0 passages/)
  })

  test("of JSON that is laid out otherwise is refused with the command that turns it into lines", async () => {
    const array = '\uFEFF[\n  {"title": "a", "text": "x"}\n]'
    await expect(read(array)).rejects.toThrow(
      /is one JSON array.*jq -c "\.\[\]" "corpus\.jsonl" > "corpus\.jsonl\.lines\.jsonl"/,
    )
    await expect(read('{\n  "title": "a",\n  "text": "x"\n}\n')).rejects.toThrow(
      /has JSON objects over several lines.*jq -c \. "corpus\.jsonl" > /,
    )
    expect((await read('[]\n{"text":"x"}')).skipped.lines).toEqual(["line 1: not an object"])
  })

  test("is another corpus when its content changes", async () => {
    const [a, same, b] = await Promise.all(['{"text":"x"}', '{"text":"x"}', '{"text":"y"}'].map(read))
    expect(a!.id).toBe(same!.id)
    // Indexes that are stored are found again.
    expect(a!.id).toBe("corpus.jsonl:591c8cbf4aac52c4c5f4d9858a936d33")
    expect(a!.id).not.toBe(b!.id)
  })
})
