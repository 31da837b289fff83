/** `npm run faults -- --load`, small: real processes, every kind of signal, most kinds of fault. */
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { createLedger, waste } from "./load/ledger.ts"
import { runUnderLoad } from "./load/run.ts"
import { secretsIn } from "./load/traces.ts"

it("200 samples come out as if nothing had happened, whatever the server does and whenever the command is ended", async () => {
  const { samples, lives, signals, waste, faulty, accuracy } = await runUnderLoad({
    root: temporaryFolder(),
    samples: 200,
    seed: 3,
    concurrency: 8,
    killAfter: [30, 110],
    server: { work: [1, 5], outageEvery: 1e6, outageSeconds: 0 },
    say: () => {},
  })
  expect(samples).toBe(200)
  expect(lives).toBeGreaterThan(4)
  expect(Math.min(...Object.values(signals))).toBeGreaterThan(0)
  expect(Object.keys(faulty.faults).length).toBeGreaterThan(8)
  expect(waste.needed).toBeGreaterThan(400)
  expect(accuracy).toBeGreaterThan(0)
  expect(accuracy).toBeLessThan(1)
}, 600_000)

it("answers given twice, left and foreign are waste; faults of the server are none", () => {
  const [calm, faulty] = [createLedger(), createLedger()]
  for (const key of ["a", "b"]) calm.worked(key, "answered")
  faulty.fault("500")
  faulty.worked("a", "left")
  faulty.worked("a", "answered")
  faulty.worked("a", "answered")
  faulty.worked("c", "answered")
  expect(waste(calm.summary(), faulty.summary())).toEqual({ needed: 2, wasted: 3, share: 1.5, missing: 1, foreign: 1 })
})

it("a secret is found as it is, as JSON, as an address and as base64", () => {
  const secret = 'k/e"y'
  const folder = temporaryFolder({
    "a/plain": `x ${secret} x`,
    "b.json": JSON.stringify({ secret }),
    "c.log": `http://ann:${encodeURIComponent(secret)}@host`,
    "d.txt": Buffer.from(secret).toString("base64"),
    "e.txt": "nothing",
  })
  const found = secretsIn(folder, { key: secret }).map((sentence) => sentence.split(" ")[0])
  expect(found).toEqual([join("a", "plain"), "b.json", "c.log", "d.txt"])
})
