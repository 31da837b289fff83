import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { initBackend, readConfig } from "@swirl-ts/transformer"
import { beforeAll, expect, it } from "vitest"
import { wasmHost, writeTinyPolicy } from "../test/tiny-policy.ts"
import { precisionOf } from "./precision.ts"

beforeAll(() => initBackend("wasm"))

it("a machine that has measured once for a shape chooses the same again, and says so", async () => {
  const lines: string[] = []
  const host = { ...wasmHost(), log: (line: string) => lines.push(line) }
  const config = readConfig(writeTinyPolicy())
  const choose = (shape = config) => precisionOf("auto", { config: shape, backend: "native" }, host)
  expect(await choose()).toBe("f32")
  const folder = join(host.cacheDirectory, "precision")
  const [file = ""] = readdirSync(folder)
  const kept = JSON.parse(readFileSync(join(folder, file), "utf8"))
  writeFileSync(join(folder, file), JSON.stringify({ ...kept, precision: "bf16" }))
  expect(await choose()).toBe("bf16")
  expect(lines.at(-1)).toContain(`(measured before: ${join(folder, file)})`)
  expect(await choose({ ...config, innerSize: 64 })).toBe("f32")
  writeFileSync(join(folder, file), "{")
  expect(await choose()).toBe("f32")
})

it("bf16 where it is not computed is refused before anything is loaded, and nothing asked for is f32", async () => {
  const of = { config: readConfig(writeTinyPolicy()), backend: "wasm" } as const
  await expect(precisionOf("bf16", of, wasmHost())).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("bf16 is computed by the native backend alone, and this is wasm"),
  })
  expect(await precisionOf(undefined, of, wasmHost())).toBe("f32")
})
