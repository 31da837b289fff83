import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { crc32, deflateRawSync } from "node:zlib"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fixture, importContext, importInto } from "../../test/importing.ts"

interface Given {
  name: string
  content: string
  /** What the archive says of its size. */
  size?: number
  stored?: boolean
}

/** A ZIP archive with whatever names and sizes. */
function archive(entries: readonly Given[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, size, stored = false } of entries) {
    const bytes = Buffer.from(content)
    const packed = stored ? bytes : deflateRawSync(bytes)
    const path = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(0x800, 2)
    facts.writeUInt16LE(stored ? 0 : 8, 4)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(size ?? bytes.length, 18)
    facts.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), facts, path, packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), facts, place, path]))
    files.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, central, Buffer.from("PK\u0005\u0006", "latin1"), end])
}

const header = {
  version: 2,
  status: "success",
  eval: { task: "t", model: "m", packages: { inspect_ai: "0.3" }, run_id: "r" },
}
const sample = {
  id: 1,
  epoch: 1,
  input: "1 + 1?",
  messages: [
    { role: "user", content: "1 + 1?" },
    { role: "assistant", content: "2" },
  ],
}
const log = [
  { name: "header.json", content: JSON.stringify(header) },
  { name: "samples/1_epoch_1.json", content: JSON.stringify(sample) },
]

async function refusal(format: string, name: string, content: string | Buffer): Promise<string> {
  const folder = temporaryFolder()
  const file = join(folder, name)
  await writeFile(file, content)
  const context = importContext(join(folder, "run"))
  const error = await importInto(context, format, file).then(
    () => undefined,
    (refused: { kind?: string; message: string }) => refused,
  )
  expect(error).toMatchObject({ kind: "usage" })
  expect(existsSync(context.directory)).toBe(false)
  return error!.message.replaceAll(`${folder}/`, "")
}

test("an archive of our own making is read, so that what is refused below is refused for its fault", async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, "log.eval"), archive(log))
  expect(await importInto(importContext(), "inspect", join(folder, "log.eval"))).toMatchObject({ trajectories: 1 })
})

test.each(["../../evil.json", "/etc/passwd", "samples/../../evil.json", "C:\\evil.json"])(
  "an archive with the name %s writes nothing anywhere",
  async (name) => {
    const said = await refusal("inspect", "log.eval", archive([...log, { name, content: "{}" }]))
    expect(said).toMatch(/^log\.eval is not an archive that can be read: .* Nothing was imported\.$/)
  },
)

test("an entry that is larger than it says, or than is read at all, is not unpacked", async () => {
  const bomb = "0".repeat(50_000_000)
  const more = { name: "samples/2_epoch_1.json", content: bomb, size: 1000 }
  expect(await refusal("inspect", "log.eval", archive([...log, more]))).toMatch(
    /^log\.eval, samples\/2_epoch_1\.json cannot be unpacked: it is larger than the archive says/,
  )
  expect(await refusal("inspect", "log.eval", archive([...log, { ...more, size: 2 ** 31 }]))).toMatch(
    /samples\/2_epoch_1\.json is 2048 MiB when unpacked, and 512 MiB are read at most/,
  )
})

test("a log that was cut off, was damaged, or is of no version that is known is refused", async () => {
  const whole = await readFile(fixture("inspect/arithmetic-right.eval"))
  expect(await refusal("inspect", "cut.eval", whole.subarray(0, whole.length / 2))).toMatch(
    /^cut\.eval is not an archive that can be read: .* It may be cut off, or still be written/,
  )
  const damaged = Buffer.from(whole)
  damaged.fill(7, 1200, 1300)
  expect(await refusal("inspect", "damaged.eval", damaged)).toMatch(
    /^damaged\.eval, .* cannot be unpacked: .* copy it again/,
  )
  const newer = { ...header, version: 3, eval: { ...header.eval, packages: { inspect_ai: "9.9" } } }
  expect(await refusal("inspect", "new.eval", archive([{ name: "header.json", content: JSON.stringify(newer) }]))).toBe(
    "new.eval is a log of version 3 (by inspect-ai 9.9), and versions up to 2 are read. Update swirl-ts, or convert it with the Inspect that wrote it. Nothing was imported.",
  )
  expect(await refusal("inspect", "other.eval", archive([{ name: "a.txt", content: "a" }]))).toMatch(
    /is an archive, but no log of Inspect: it has no header\.json/,
  )
})

test.each([
  [
    "openai-chat",
    "a.jsonl",
    '{"messages":[]}\n{"messages":[\n',
    /^a\.jsonl, line 2 is not JSON: .* Repair or delete that line/,
  ],
  [
    "openai-chat",
    "a.jsonl",
    '{"messages":[]}\n{"id":"row-2","text":"x"}\n',
    /^a\.jsonl, line 2 \(id row-2\) has no "messages"\. Every line/,
  ],
  [
    "openai-chat",
    "a.jsonl",
    '{"schema_version":"ATIF-v1.2","steps":[]}',
    /it looks like a trajectory of Harbor \(--format atif\)/,
  ],
  ["openai-chat", "a.jsonl", '{"messages":[1]}', /line 1 has a message that is no object, number 1/],
  ["openai-chat", "a.jsonl", Buffer.from([0x22, 0xff, 0x22, 0x0a]), /line 1 is not UTF-8 text/],
  [
    "ai-sdk",
    "a.json",
    '[\n{"role":"assistant","content":"","tool_calls":[]}\n]',
    /is in OpenAI's form.*--format openai-chat/,
  ],
  ["ai-sdk", "a.json", '{\n"messages": ', /^a\.json is not JSON: /],
  [
    "atif",
    "a.json",
    '{"schema_version":"ATIF-v1.9","session_id":"s","steps":[]}',
    /^a\.json, line 1 \(id s\) is of ATIF-v1\.9, and versions up to ATIF-v1\.8 are read\. Update/,
  ],
  ["atif", "a.json", '{"steps":[]}', /has no "schema_version" of ATIF/],
  [
    "verifiers",
    "traces.jsonl",
    '{"id":"e","traces":[{"id":"t","version":2,"nodes":[]}]}',
    /line 1 \(id t\) is a trace of version 2/,
  ],
  [
    "verifiers",
    "traces.jsonl",
    '{"traces":[{"id":"t","nodes":[{"parent":7,"message":{"role":"user","content":""}}]}]}',
    /whose parent 7 is none that comes before it/,
  ],
  ["inspect", "a.json", '{"messages":[]}', /^a\.json is no log of Inspect: it has no "eval"/],
  [
    "inspect",
    "a.json",
    JSON.stringify({ ...header, samples: [{ id: "s-1" }] }),
    /^a\.json, samples\/0 \(id s-1\) is no sample of Inspect/,
  ],
])("%s refuses %s with its place and what to do: %j", async (format, name, content, sentence) => {
  const said = await refusal(format, name, content)
  expect(said).toMatch(sentence)
  expect(said).toMatch(/\. Nothing was imported\.$/)
})

test("a second file that is broken keeps the first one from being imported", async () => {
  const folder = temporaryFolder()
  await writeFile(
    join(folder, "a.jsonl"),
    '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}\n',
  )
  await writeFile(join(folder, "b.jsonl"), "{")
  const context = importContext(join(folder, "run"))
  await expect(importInto(context, "openai-chat", join(folder, "a.jsonl"), join(folder, "b.jsonl"))).rejects.toThrow(
    /b\.jsonl, line 1/,
  )
  expect(existsSync(context.directory)).toBe(false)
})
