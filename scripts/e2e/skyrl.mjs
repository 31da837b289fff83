/**
 * The loop on a real Tinker server. SkyRL is installed into `.swirl/e2e/skyrl` (Python 3.11 or newer, 2.2 GB, once) and started on
 * loopback over the embedded policy; from the same command line, with `--engine tinker` in place of `local`, trajectories become a
 * trained adapter that is measured. On the way the client is killed, and then the server. Then both engines train on the same rows.
 *
 *   npm run e2e -- skyrl            --contract: the engine's published checks on the real server as well (ten minutes more)
 *                                   --venv <folder>: an environment that has SkyRL    --keep: keeps the folder of the runs
 */
import { execFile, execFileSync, spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { parseArgs, promisify } from "node:util"
import { countingProxy } from "./counting-proxy.mjs"
import { expect, part, timesTold } from "./parts.mjs"

const { values: flags } = parseArgs({
  options: { contract: { type: "boolean" }, venv: { type: "string" }, keep: { type: "boolean" } },
})
const home = resolve(".swirl/e2e/skyrl")
const folder = mkdtempSync(join(tmpdir(), "swirl-skyrl-"))
const base = join(folder, "base")
const run = join(folder, "run")
const sourceFlags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const swirl = here("../../packages/cli/src/main.ts")
const iterations = 5

/** The folder of an environment that has SkyRL. */
function install() {
  const venv = flags.venv ?? join(home, "venv")
  const python = join(venv, "bin/python")
  const isThere = () => existsSync(python) && works(python, "import skyrl, jax, flax, peft")
  if (isThere()) return python
  const system = ["python3.11", "python3.12", "python3.13", "python3"].find((name) =>
    works(name, "import sys, venv; assert (3, 11) <= sys.version_info"),
  )
  if (system === undefined) throw new Error("e2e: SkyRL needs Python 3.11 or newer with venv, and none is in the path.")
  mkdirSync(home, { recursive: true })
  execFileSync(system, ["-m", "venv", venv], { stdio: "inherit" })
  const wanted = ["skyrl[tinker,jax]==0.3.0", "torch==2.13.0"]
  execFileSync(python, ["-m", "pip", "install", "--quiet", ...wanted], { stdio: ["ignore", "inherit", "ignore"] })
  if (!isThere()) throw new Error(`e2e: SkyRL was installed into ${venv} and cannot be imported.`)
  return python
}

function works(python, code) {
  try {
    execFileSync(python, ["-c", code], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

/** Ready when its API answers; its engine comes up behind. */
async function startServer(python, port) {
  const settings = { max_lora_adapters: 3, max_lora_rank: 8, train_micro_batch_size: 1, sample_max_num_sequences: 32 }
  const data = join(folder, "server")
  mkdirSync(data, { recursive: true })
  const child = spawn(
    python,
    [here("../../packages/engine-tinker/python/skyrl_server.py"), base, String(port), data, JSON.stringify(settings)],
    {
      env: {
        ...process.env,
        JAX_PLATFORMS: "cpu",
        JAX_COMPILATION_CACHE_DIR: join(home, "jax-cache"),
        JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS: "0",
        HF_HUB_OFFLINE: "1",
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  )
  let told = ""
  child.stderr.on("data", (text) => {
    told = `${told}${text}`.slice(-4000)
  })
  for (let attempt = 0; attempt < 240; attempt++) {
    if (child.exitCode !== null) throw new Error(`e2e: the server ended with ${child.exitCode}: ${told}`)
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/healthz`).catch(() => undefined)
    if (answer?.ok) return child
    await setTimeout(500)
  }
  child.kill("SIGKILL")
  throw new Error(`e2e: the server did not answer within two minutes: ${told}`)
}

const stopServer = (child) =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once("exit", done)
    child.kill("SIGTERM")
  })

const environment = { ...process.env, SWIRL_CACHE: join(folder, "cache"), SWIRL_BACKEND: "wasm", NODE_OPTIONS: "" }
const start = (...args) =>
  spawn(process.execPath, [...sourceFlags, swirl, ...args, "--run", run, "--json"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  })

/** What a command prints; its errors are thrown. */
function outcome(child) {
  let [out, told] = ["", ""]
  child.stdout.on("data", (text) => {
    out += text
  })
  child.stderr.on("data", (text) => {
    told += text
  })
  return new Promise((done, fail) =>
    child.once("close", (code, signal) => {
      if (signal === "SIGKILL") return done({ killed: true, told })
      if (code !== 0) return fail(new Error(`e2e: a command ended with ${code ?? signal}: ${told}`))
      done({ value: JSON.parse(out), told })
    }),
  )
}
const command = async (...args) => (await outcome(start(...args))).value

const records = (name) => {
  const file = join(run, "train", name, "metrics.jsonl")
  if (!existsSync(file)) return []
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line)]
      } catch {
        return []
      }
    })
}
const untilStep = async (name, step, child) => {
  while ((records(name).at(-1)?.step ?? -1) < step) {
    if (child.exitCode !== null) return
    await setTimeout(20)
  }
}

let server
let proxy
try {
  const python = await part("install SkyRL", install)
  cpSync(fileURLToPath(new URL("../../packages/policy-nano/model", import.meta.url)), base, { recursive: true })
  const policy = `local:${base}`
  const port = await freePort()
  server = await part("start the server", () => startServer(python, port))
  proxy = await countingProxy(port)

  await part("generate, judge, filter", async () => {
    const made = await command("generate", "calc", "--limit", "60", "--model", policy, "--temperature", "1")
    expect(`${made.trajectories} trajectories were generated`, made.trajectories === 60)
    const judged = await command("judge")
    expect(`${judged.good} of their steps were judged good`, judged.good > 0)
    const kept = await command("filter")
    expect(`${kept.kept} were kept`, kept.kept > 0)
  })

  /** The two engines' command lines: all that differs is here. */
  const elsewhere = { tinker: ["--engine", "tinker", "--engine-url", proxy.url], local: ["--engine", "local"] }
  const settings = ["states=8", "samples=4", "maxTokens=32", "checkpointEvery=1", "learningRate=3e-3"]
  const training = (engine, name) => [
    ...["train", "--model", policy, "--lora", "8", "--iterations", String(iterations), "--name", name],
    ...["--rollout-tasks", "4", ...settings.flatMap((option) => ["--option", option])],
    ...elsewhere[engine],
  ]

  await part("what the server cannot give is said first", async () => {
    const refused = await outcome(start(...training("tinker", "refused"), "--option", "kl=exact")).then(
      () => "nothing",
      (error) => error.message,
    )
    expect("kl=exact is refused before anything is sampled", refused.includes("asked for kl=exact"), refused)
    expect("nothing was written for it", !existsSync(join(run, "train/refused")))
  })

  const trained = await part("train on the server, the client killed and the server stopped on the way", async () => {
    const before = start(...training("tinker", "there"))
    const ending = outcome(before)
    await untilStep("there", 2, before)
    before.kill("SIGKILL")
    expect("the client was killed mid-way", (await ending).killed === true)
    const stood = records("there").at(-1).step
    proxy.taken()

    const client = start(...training("tinker", "there"))
    const finishing = outcome(client)
    await untilStep("there", stood + 2, client)
    await stopServer(server)
    await setTimeout(2000)
    server = await startServer(python, port)
    const { value, told } = await finishing
    const steps = records("there").map(({ step }) => step)
    expect(
      `the same command went on from step ${stood}, through a server that was started again, to step ${value.steps}`,
      value.steps === iterations && told !== "",
    )
    const wanted = Array.from({ length: iterations + 1 }, (_, step) => step)
    expect("every step is on record once", JSON.stringify(steps) === JSON.stringify(wanted), steps.join())
    const norms = records("there")
      .slice(1)
      .map(({ values }) => values.gradientNorm)
    expect(
      "every step had a gradient",
      norms.every((norm) => norm === null || norm >= 0) && norms.some((norm) => norm > 0),
    )
    return value
  })

  await part("what a step costs", async () => {
    proxy.taken()
    const started = performance.now()
    await command(...training("tinker", "counted"), "--option", "rolloutEvery=1000")
    const seconds = (performance.now() - started) / 1000
    const { counts, calls, bytes, waited } = proxy.taken()
    const each = (value) => (value / iterations).toFixed(1)
    const told = Object.entries(counts).sort(([, a], [, b]) => b - a)
    expect("round trips were counted", calls > 0)
    process.stdout.write(
      [
        `  ${iterations} steps of 8 states and 4 samples, two roll-outs of 4 tasks, start, checks and checkpoints included, on ${new Date().toISOString().slice(0, 10)}:`,
        `  ${each(calls)} round trips a step, ${each(bytes / 1024)} KiB sent; by path, in all: ${told.map(([path, count]) => `${path} ${count}`).join(", ")}`,
        `  ${each(seconds)} s a step, of which ${each(waited / 1000)} s waiting for the server; the client's own ${each(seconds - waited / 1000)} s hold the process's start, judge and files`,
        "",
      ].join("\n"),
    )
  })

  await part("evaluate and compare", async () => {
    const cell = ["calc", "--limit", "20", "--model"]
    const evaluated = async (model) => command("eval", ...cell, model)
    await evaluated(policy)
    await evaluated(`${policy}+${trained.checkpoint}`)
    const folders = readdirSync(join(run, "eval"))
    expect("base and trained adapter were evaluated here, as local:<base>+<adapter>", folders.length === 2)
    const [a, b] = folders.map((name) => join(run, "eval", name))
    const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, swirl, "compare", a, b, "--json"], {
      env: environment,
    })
    const compared = JSON.parse(stdout)
    expect("the comparison is over the 20 questions of both", JSON.stringify(compared).includes('"n":20'), stdout)
    const there = await command("eval", ...cell, `local:${trained.checkpoint}`)
    expect(
      "the checkpoint alone opens its base, too",
      there !== undefined && readdirSync(join(run, "eval")).length === 2,
    )
  })

  await part("the same rows on both engines", async () => {
    const steps = 10
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...sourceFlags, here("skyrl-parity.ts"), proxy.url, base, run, String(steps)],
      { env: environment, maxBuffer: 1e8 },
    )
    const far = JSON.parse(stdout)
    // What is no number is null in JSON, and below every bound.
    expect(
      "every difference is a number",
      Object.values(far).every((value) => value !== null),
      stdout,
    )
    process.stdout.write(`  largest differences: ${JSON.stringify(far)}\n`)
    expect(
      `${steps} steps of ${far.trainedTokens} tokens gave the same loss, to 1e-3`,
      far.steps === steps && far.loss < 1e-3,
    )
    expect("and the same advantages", far.advantages < 1e-3)
    expect("and the same gradient norms, to 1e-2", far.gradientNorm < 1e-2)
    expect(
      `and weights equal to 1e-3, which moved by up to ${far.moved.toExponential(1)}`,
      far.sameTensors && far.weights < 1e-3,
    )
    expect("the weights had moved further than they differ", far.moved > 2 * far.weights)
  })

  if (flags.contract)
    await part("the published checks of an engine, on the real server", async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...sourceFlags, here("skyrl-contract.ts"), proxy.url, base],
        { env: environment, maxBuffer: 1e8 },
      )
      process.stdout.write(stdout)
    })
} finally {
  proxy?.close()
  if (server) await stopServer(server)
  if (flags.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
process.exit(0)
