/** Ctrl-C as people press it: once, while a server sends nothing any more. */
import { spawn } from "node:child_process"
import {
  ended,
  serve,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test.each([
  ["data", "gsm8k"],
  ["eval", "gsm8k", "--model", "nano", "--limit", "1"],
])("one Ctrl-C stops the download of `swirl %s`; the same command goes on with what came", async (...args) => {
  const ranges: (string | undefined)[] = []
  let sent = 0
  // A hub that tells the file's size, sends 1,000 bytes of it and then nothing.
  const { url, close } = await serve((request, response) => {
    const { range } = request.headers
    const probe = range === "bytes=0-0"
    const [, from = "0"] = /bytes=(\d+)-/.exec(range ?? "") ?? []
    response.writeHead(range ? 206 : 200, {
      ETag: '"one"',
      ...(range ? { "Content-Range": `bytes ${from}-${probe ? 0 : 9999}/10000` } : { "Content-Length": 10_000 }),
    })
    if (probe) return response.end("x")
    ranges.push(range)
    response.write(Buffer.alloc(1000), () => {
      sent++
    })
  })
  const folder = temporaryFolder()
  const env = swirlEnvironment(folder, { HF_ENDPOINT: url })
  for (const run of [1, 2]) {
    const child = spawn(process.execPath, [...sourceFlags, swirlCommand, ...args], { cwd: folder, env })
    let said = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
    await until(() => sent === run)
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill("SIGINT")
    const impatience = setTimeout(() => child.kill("SIGKILL"), 5000)
    expect(await ended(child)).toBe(130)
    clearTimeout(impatience)
    expect(said).toContain("Stopped by Ctrl-C. The same command continues where it stopped.")
    expect(said).not.toContain("Could not download")
  }
  expect(ranges[0]).toBeUndefined()
  expect(ranges[1]).toMatch(/^bytes=1000-/)
  await close()
})
