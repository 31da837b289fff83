import { appendFile, readFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { toyContext } from "@swirl-ts/testing"
import fc from "fast-check"
import { expect, it } from "vitest"
import { crc32c, maskedCrc32c } from "./crc32c.ts"
import { swirl } from "./swirl.ts"
import { scalarFrame } from "./tensorboard-events.ts"
import { tensorboardFile } from "./tensorboard-file.ts"

/** Frames of a file, their checksums looked at, as step and scalars. */
function read(file: Buffer): { step: number; scalars: Record<string, number> }[] {
  const events: { step: number; scalars: Record<string, number> }[] = []
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at))
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data))
    const event = { step: 0, scalars: {} as Record<string, number> }
    for (const [field, value] of fields(data)) {
      if (field === 2) event.step = value as number
      if (field !== 5) continue
      for (const [, scalar] of fields(value as Buffer)) {
        const parts = new Map(fields(scalar as Buffer))
        event.scalars[`${parts.get(1)}`] = (parts.get(2) as Buffer).readFloatLE()
      }
    }
    events.push(event)
    at += 16 + length
  }
  return events
}

/** Number and value of every field of a protobuf message. */
function fields(data: Buffer): [field: number, value: number | Buffer][] {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = data[at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const taken = (size: number): Buffer => {
    at += size
    return data.subarray(at - size, at)
  }
  const all: [number, number | Buffer][] = []
  while (at < data.length) {
    const key = varint()
    const kind = key & 7
    all.push([key >>> 3, kind === 0 ? varint() : taken(kind === 1 ? 8 : kind === 5 ? 4 : varint())])
  }
  return all
}

it("checksums are those of CRC-32C", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
})

it("any step and scalars can be read back", () => {
  const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__proto__")
  const scalars = fc.dictionary(name, fc.float({ noNaN: true }), { noNullPrototype: true })
  fc.assert(
    fc.property(fc.nat(2 ** 40), scalars, (step, scalars) => {
      const [event] = read(scalarFrame({ wallTime: 1, step, scalars }))
      expect(event!.step).toBe(step)
      expect(Object.entries(event!.scalars).sort()).toEqual(Object.entries(scalars).sort())
    }),
  )
})

it("a training writes what its metrics hold, once a step, also where it was stopped and goes on", async () => {
  const directory = temporaryFolder()
  const options = { states: 4, iterations: 7, maxTokens: 6, rolloutEvery: 4, checkpointEvery: 3 }
  const controller = new AbortController()
  const context = await toyContext(directory, options)
  const onMetric = ({ step }: { step: number }) => {
    if (step === 5) controller.abort(new Error("stop"))
  }
  await expect(swirl.train({ ...context, onMetric, abortSignal: controller.signal })).rejects.toThrow("stop")
  // As a kill in the middle of a frame leaves it.
  await appendFile(join(directory, tensorboardFile), Buffer.from([9, 0, 0]))
  await swirl.train(await toyContext(directory, options))
  const [version, ...events] = read(await readFile(join(directory, tensorboardFile)))
  expect(version).toEqual({ step: 0, scalars: {} })
  const records = (await readFile(join(directory, "metrics.jsonl"), "utf8")).trim().split("\n")
  expect(events.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  for (const [index, record] of records.entries()) {
    const { values } = JSON.parse(record) as { values: Record<string, number | null> }
    const present = Object.entries(values).flatMap(([name, value]) =>
      value === null ? [] : [[name, Math.fround(value)]],
    )
    expect(events[index]!.scalars).toEqual(Object.fromEntries(present))
  }
})
