/**
 * The page with the whole loop, as it is published: built, served under a path of its own by a server that answers nothing else,
 * run to the end in a real Chromium, stopped and continued, and its download compared by the command. `--built` takes the site
 * that is there; `--base` is the path it was built for.
 *
 *   npm run e2e -- tab
 */
import { spawnSync } from "node:child_process"
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { dirname, extname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { unzipSync } from "fflate"
import { launchChromium } from "./chromium.mjs"
import { expect, part, timesTold } from "./parts.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const { values } = parseArgs({
  options: { built: { type: "boolean" }, base: { type: "string", default: "/elsewhere/" }, shots: { type: "string" } },
})
const base = values.base
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const site = join(root, "docs/.vitepress/dist")

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr.slice(-2000)}`)
  return stdout
}

const linesOf = (bytes) => bytes.toString("utf8").trim().split("\n")

/** Log-probabilities end in JavaScript's own logarithm, whose last bit differs between versions of V8; verdicts are in the order of their arrival. */
function sameRecords(tab, inNode) {
  const both = (file) => [readFileSync(join(tab, file)), inNode(file)]
  const [ours, theirs] = both("trajectories.jsonl").map((bytes) => linesOf(bytes).map((line) => JSON.parse(line)))
  const numbers = (trajectories) =>
    trajectories.flatMap(({ steps }) => steps.flatMap((step) => step.logProbabilities ?? []))
  const rest = (trajectories) =>
    JSON.stringify(trajectories, (key, value) => (key === "logProbabilities" ? undefined : value))
  expect(`${ours.length} trajectories have the same tokens, calls, results and answers`, rest(ours) === rest(theirs))
  const [a, b] = [numbers(ours), numbers(theirs)]
  const apart = Math.max(...a.map((value, index) => Math.abs(value - b[index])))
  expect(
    `their ${a.length} log-probabilities are at most 1e-12 apart (${apart.toExponential(1)})`,
    a.length === b.length && apart <= 1e-12,
  )
  const [judged, alike] = both("verdicts.jsonl").map((bytes) => linesOf(bytes).sort().join("\n"))
  expect("all verdicts are the same", judged === alike)
  for (const file of ["filters/process.json", "train/tab/checkpoints/10/model.safetensors"])
    expect(`${file} has the same bytes`, Buffer.compare(...both(file)) === 0)
}

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
}

/** Serves the site under its path on loopback; what was asked for besides is kept. */
async function serve() {
  const missed = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname)
    const file = join(site, normalize(path.slice(base.length - 1)))
    const found = path.startsWith(base)
      ? [file, `${file}.html`, join(file, "index.html")].find((each) => existsSync(each) && statSync(each).isFile())
      : undefined
    if (!found) {
      missed.push(path)
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { "content-type": types[extname(found)] ?? "application/octet-stream" })
    createReadStream(found).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { missed, address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

if (!values.built) await part("the site is built", () => run(["scripts/docs/build.ts", "build", "--base", base]))

const folder = mkdtempSync(join(tmpdir(), "swirl-tab-"))
const served = await serve()
const browser = await launchChromium()
try {
  const context = await browser.newContext({ acceptDownloads: true })
  const page = await context.newPage()
  const elsewhere = []
  const complaints = []
  page.on("request", (request) => {
    const url = request.url()
    if (!url.startsWith(served.address) && !/^(data|blob):/.test(url)) elsewhere.push(url)
  })
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
  page.on("pageerror", (error) => complaints.push(String(error)))
  const status = page.getByRole("status")
  const choose = async ({ judge = "grounded", size = "small" } = {}) => {
    await page.goto(`${served.address}${base}tab.html`)
    await page.getByRole("combobox", { name: "Judge" }).selectOption(judge)
    await page.getByRole("combobox", { name: "Size" }).selectOption(size)
  }
  const ends = async (what) => {
    const problem = page.locator(".problem")
    await Promise.race([
      status.filter({ hasText: what }).waitFor({ timeout: 1_800_000 }),
      problem.waitFor({ timeout: 1_800_000 }).then(async () => {
        throw new Error(`The page says: ${await problem.textContent()}`)
      }),
    ])
  }
  const download = async (name) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download the run" }).click(),
    ])
    const path = join(folder, name)
    await download.saveAs(path)
    const target = join(folder, `${name}-unpacked`)
    for (const [file, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
      mkdirSync(dirname(join(target, file)), { recursive: true })
      writeFileSync(join(target, file), bytes)
    }
    return join(target, readdirSync(target)[0])
  }
  const shoot = async (name) => {
    if (!values.shots) return
    mkdirSync(values.shots, { recursive: true })
    for (const [scheme, width] of [
      ["light", 1280],
      ["dark", 1280],
      ["light", 390],
    ]) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: join(values.shots, `${name}-${scheme}-${width}.png`), fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }

  const unbroken = await part("the loop runs to the end with the keyboard alone", async () => {
    await choose()
    await shoot("before")
    const started = performance.now()
    await page.getByRole("spinbutton", { name: "Seed" }).focus()
    await page.keyboard.press("Enter")
    await ends("Done")
    expect("it came to the end", true)
    const metrics = await page.locator(".chart tbody tr").count()
    expect("each step's judged reward is shown", metrics === 11, `${metrics} rows`)
    expect("the change is shown with its interval", /95 % interval/.test(await page.locator(".result").textContent()))
    process.stdout.write(`  ${((performance.now() - started) / 1000).toFixed(0)} s on this machine, now\n`)
    await shoot("done")
    return download("unbroken.zip")
  })
  await part("the command opens what was downloaded", () => {
    const evaluations = readdirSync(join(unbroken, "eval")).sort()
    const [after, before] = [
      evaluations.find((name) => name.startsWith("local-")),
      evaluations.find((name) => name.startsWith("nano-")),
    ]
    const compared = JSON.parse(
      run([
        "packages/cli/src/main.ts",
        "compare",
        join(unbroken, "eval", before),
        join(unbroken, "eval", after),
        "--json",
      ]),
    )
    expect(
      "swirl compare compares before and after",
      compared.cells?.length === 1,
      JSON.stringify(compared).slice(0, 500),
    )
    run(["packages/cli/src/main.ts", "report", "--run", unbroken])
    expect("swirl report writes a report", existsSync(join(unbroken, "report")))
  })
  await part("what is stopped goes on, and comes to the same", async () => {
    await choose()
    await page.getByRole("button", { name: "Run", exact: true }).click()
    await page.locator(".chart tbody tr").nth(2).waitFor({ timeout: 900_000, state: "attached" })
    await page.getByRole("button", { name: "Stop" }).click()
    await ends("Stopped")
    await page.getByRole("button", { name: "Continue" }).click()
    await ends("Done")
    const continued = await download("continued.zip")
    for (const file of ["trajectories.jsonl", "train/tab/checkpoints/10/model.safetensors"])
      expect(
        `${file} is that of the run without a stop`,
        readFileSync(join(unbroken, file)).equals(readFileSync(join(continued, file))),
      )
  })
  await part("the records are those of Node", () => {
    const settings = {
      ...{ task: "calc", judge: "grounded", seed: 7, tasks: 192, iterations: 10 },
      ...{ rolloutTasks: 30, rolloutEvery: 5, questions: 60 },
    }
    const { files } = JSON.parse(run(["scripts/docs/tab-child.ts", JSON.stringify(settings), join(folder, "node")]))
    sameRecords(unbroken, (file) => Buffer.from(files[file], "base64"))
  })
  await part("wasm that cannot be loaded is said in a sentence", async () => {
    await choose()
    await context.route("**/*.wasm", (route) => route.abort())
    await page.getByRole("button", { name: "Run", exact: true }).click()
    await page.locator(".problem").waitFor({ timeout: 300_000 })
    process.stdout.write(`  it says: ${await page.locator(".problem").textContent()}\n`)
    await context.unroute("**/*.wasm")
  })
  expect("nothing but the site itself was asked for", elsewhere.length === 0, elsewhere.join(", "))
  expect(
    "nothing that was asked for was missing",
    served.missed.filter((path) => !path.endsWith("favicon.ico")).length === 0,
    served.missed.join(", "),
  )
} finally {
  await browser.close()
  served.close()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`\n${timesTold()}`)
