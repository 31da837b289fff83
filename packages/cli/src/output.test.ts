import { PassThrough } from "node:stream"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createOutput } from "./output.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Output into memory, as to a file or to a terminal. */
function written(options: { json?: boolean; quiet?: boolean; terminal?: boolean } = {}) {
  const { json = false, quiet = false, terminal = false } = options
  const streams = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 })] as const
  const output = createOutput({ json, quiet }, { out: streams[0] as never, err: streams[1] as never })
  return { output, read: () => streams.map((stream) => String(stream.read() ?? "")) }
}

test("a result is one document or its text, and only that is on standard output", () => {
  for (const [json, shown] of [
    [true, '{\n  "a": 1\n}\n'],
    [false, "one\ntwo\n"],
  ] as const) {
    const { output, read } = written({ json })
    output.say("for people")
    output.result(
      () => ({ a: 1 }),
      () => ["one", "two"],
    )
    expect(read()).toEqual([shown, "for people\n"])
  }
})

test("--quiet silences progress and what is said, and no log", () => {
  const { output, read } = written({ quiet: true })
  output.say("said")
  output.progress({ stage: "read", done: 1, total: 1 })
  output.log("logged")
  expect(read()[1]).toBe("logged\n")
})

test("elsewhere than on a terminal, progress is a line at every tenth, at most one a second", () => {
  const { output, read } = written()
  for (let done = 0; done <= 100; done++) {
    output.progress({ stage: "read", done, total: 100 })
    vi.advanceTimersByTime(300)
  }
  expect(read()[1]!.split("\n")).toEqual([
    ...["read 0/100", ...[10, 20, 30, 40, 50, 60, 70, 80, 90].map((done) => `read ${done}/100`)],
    "read 100/100",
    "",
  ])
})

test("progress goes on where the clock is set back by hours", () => {
  const { output, read } = written()
  output.progress({ stage: "read", done: 0, total: 10 })
  vi.setSystemTime(Date.now() - 5 * 3_600_000)
  vi.advanceTimersByTime(1000)
  output.progress({ stage: "read", done: 5, total: 10 })
  expect(read()[1]).toBe("read 0/10\nread 5/10\n")
})

test("progress without an end is counted, from the first second on", () => {
  const { output, read } = written()
  for (let done = 1; done <= 9; done++) {
    output.progress({ stage: "read", done })
    vi.advanceTimersByTime(300)
  }
  expect(read()[1]).toBe("read 5\nread 9\n")
})

test("on a terminal a bar is drawn over, and ended before a line is written", () => {
  const { output, read } = written({ terminal: true })
  output.progress({ stage: "read", done: 1, total: 4 })
  output.log("between")
  expect(read()[1]).toBe(`\r\x1b[2K${"█".repeat(5)}${"░".repeat(15)} read 1/4\nbetween\n`)
})
