import { readdirSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { cachedFileDigest } from "./cached-digest.ts"
import { fileDigest, filesDigest, filesDigestSync } from "./digest.ts"

// The numbers are those of sha256sum; identities of models and corpora that are on people's disks are made of them.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

it("is the SHA-256 that every other program gives, of files larger than a piece too", async () => {
  const folder = temporaryFolder({ abc: "abc", bc: "bc", empty: "" })
  expect(await fileDigest(join(folder, "abc"))).toBe(abc)
  expect(await fileDigest(join(folder, "bc"), { prefix: "a" })).toBe(abc)
  expect(await fileDigest(join(folder, "empty"))).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  )
  writeFileSync(join(folder, "large"), Buffer.alloc(3_000_001, "a"))
  expect(await fileDigest(join(folder, "large"))).toBe(
    "71b1401c2645810a611615bae0fce7b308f0ed904a54af8ec8be0fe435581611",
  )
})

it("of several files is that of lines with name and digest, or of the contents one after another", async () => {
  const folder = temporaryFolder({ abc: "abc", "onnx/model": "" })
  expect(await filesDigest(folder, ["abc", "onnx/model"])).toBe(
    "f98d8ba85ccd416b99e79718e3888bd59ff3a6bb5800673692d2b192be5be3da",
  )
  expect(filesDigestSync([join(folder, "abc"), join(folder, "onnx/model")])).toBe(
    "0616290e0a45001015ac04f49716fbec564e5bd3301a9e8871c422ef5a691fc1",
  )
})

it("says which file cannot be read, and ends when it is told to", async () => {
  const folder = temporaryFolder({ abc: "abc" })
  await expect(fileDigest(join(folder, "none"))).rejects.toThrow(/^Could not read .*none: it does not exist/)
  const abortSignal = AbortSignal.abort(new Error("stop"))
  await expect(fileDigest(join(folder, "abc"), { abortSignal })).rejects.toThrow("stop")
})

it("of a large file is kept, and taken anew when the file changes", async () => {
  const [folder, cache] = [temporaryFolder({ "model.gguf": "one" }), temporaryFolder()]
  const file = join(folder, "model.gguf")
  utimesSync(file, 1000, 1000)
  const first = await cachedFileDigest(file, cache)
  expect(first).toBe("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
  writeFileSync(file, "two")
  utimesSync(file, 1000, 1000)
  // The same size and time: it was not read again.
  expect(await cachedFileDigest(file, cache)).toBe(first)
  writeFileSync(file, "longer")
  expect(await cachedFileDigest(file, cache)).not.toBe(first)
  expect(readdirSync(join(cache, "digests"))).toHaveLength(1)
})
