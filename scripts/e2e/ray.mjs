/**
 * Trainings as jobs of a real Ray head with a real TRL, from generation to comparison; client, job and cluster are killed on the
 * way. Ray and TRL are installed into `.swirl/e2e`, each into an environment of its own. `--keep` keeps the run folder.
 *
 *   npm run e2e -- ray
 *   npm run e2e -- ray --shards        # generations and evaluations alone: no TRL
 */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { expect, part, timesTold } from "./parts.mjs"
import { python } from "./python.mjs"
import { readConfigurations } from "./ray-configurations.mjs"
import { rayHead } from "./ray-head.mjs"
import { tryShards } from "./ray-shards.mjs"

const { values } = parseArgs({ options: { keep: { type: "boolean" }, shards: { type: "boolean" } } })
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-ray-"))
const run = join(folder, "run")
const bin = resolve("packages/cli/bin/swirl.mjs")
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]

const rayBin = await part("install Ray", () => python("ray", ["ray[default]==2.60.0"]))
const trlBin = values.shards
  ? rayBin
  : await part("install TRL", () => python("trl", ["trl==1.16.0", "peft==0.21.2", "torch==2.14.1"]))
let head = await part("start a head", () => rayHead(rayBin))

/** The command, with everything that it says; `until` resolves when it has said that. */
function swirl(...args) {
  const environment = {
    SWIRL_CACHE: join(folder, "cache"),
    SWIRL_RAY_PYTHON: join(trlBin, "python"),
    SWIRL_RAY_PATIENCE_MINUTES: "0.1",
    SWIRL_RAY_POLL_SECONDS: "0.5",
    SWIRL_ENGINE_URL: head.url,
    SWIRL_ENGINE_KEY: head.token,
    ...(typeof args.at(-1) === "object" ? args.pop() : {}),
  }
  const inRun = !["compare", "validate", "jobs"].includes(args[0]) && !args.includes("--run")
  const child = spawn(process.execPath, [...flags, bin, ...args, ...(inRun ? ["--run", run] : [])], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
  })
  let [out, said] = ["", ""]
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text
  })
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text
  })
  const ended = new Promise((done) => child.on("close", (code, signal) => done(code ?? signal)))
  return {
    child,
    ended,
    said: () => said,
    json: async () => {
      const code = await ended
      if (code !== 0) throw new Error(`e2e: swirl ${args.join(" ")} ended with ${code}. ${said.slice(-3000)}`)
      return JSON.parse(out)
    },
    async until(pattern, seconds = 240) {
      const end = Date.now() + seconds * 1000
      for (let isOver = false; !pattern.test(said); ) {
        if (isOver || Date.now() > end) throw new Error(`e2e: ${pattern} was not said. ${said.slice(-3000)}`)
        isOver = await Promise.race([ended.then(() => true), new Promise((next) => setTimeout(next, 100, false))])
      }
    },
  }
}
const document = (...args) => swirl(...args, "--json").json()
const iterations = 12
const trainings = { small: ["--option", "states=2", "--option", "samples=4", "--option", "checkpointEvery=1"] }
const train = (...more) =>
  swirl(
    "train",
    "--engine",
    "ray",
    "--strategy",
    "none",
    "--iterations",
    String(iterations),
    ...trainings.small,
    ...more,
  )
const job = () => JSON.parse(readFileSync(join(run, "train/swirl-none/job.json"), "utf8"))
const metrics = (name) =>
  readFileSync(join(run, "train", name, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const jobsThere = async () => JSON.parse((await head.ask("/api/jobs/")).body)

const shards = () => tryShards({ folder, swirl, command: [process.execPath, ...flags, bin], jobsThere })

async function trainingsToo() {
  await part("generate and judge", async () => {
    expect("trajectories", (await document("generate", "calc", "--limit", "16")).trajectories === 16)
    expect("verdicts", (await document("judge")).good > 0)
  })

  await part("what is refused", async () => {
    const wrong = train({ SWIRL_ENGINE_KEY: "0".repeat(64) })
    expect("a wrong token is said, and where the right one goes", (await wrong.ended) === 2, wrong.said())
    expect("and nothing of it", /SWIRL_ENGINE_KEY/.test(wrong.said()) && !wrong.said().includes("0".repeat(64)))
    const without = train({ SWIRL_RAY_PYTHON: join(rayBin, "python") })
    const code = await without.ended
    expect("an interpreter without TRL is named", code === 1 && /has no torch/.test(without.said()), without.said())
    const many = train("--name", "many", { SWIRL_RAY_CPUS: "64", SWIRL_RAY_PENDING_MINUTES: "0.05" })
    expect("64 CPUs are waited for no longer than that", (await many.ended) === 1 && /waited/.test(many.said()))
  })

  await part("the client is killed, and attached again", async () => {
    const before = job().attempts.length
    const first = train()
    await first.until(/swirl checkpoint: 2/)
    first.child.kill("SIGKILL")
    await first.ended
    const going = (await jobsThere()).filter(({ status }) => status === "RUNNING")
    expect("the job goes on without its client", going.length === 1)
    const second = train()
    await second.until(/Attached to the job .*RUNNING/)
    await second.until(/swirl checkpoint: 3/)
    expect("it is the same job", job().attempts.length === before + 1)

    second.child.kill("SIGINT")
    await second.ended
    expect("Ctrl-C lets go, and says how to stop it", /Let go of the job .*swirl jobs/.test(second.said()))
  })

  await part("the cluster is killed, and started anew", async () => {
    const third = train()
    await third.until(/Attached to the job/)
    // As when its machine goes away; a job that outlived its cluster would end by itself, and nothing would be left to do.
    process.kill(Number(readFileSync(join(run, "train/swirl-none/job/lock"), "utf8")), "SIGKILL")
    head.kill()
    const code = await third.ended
    expect("a cluster that is gone is said", code === 1 && /may go on all the same/.test(third.said()), third.said())
    await head.stop()
    head = await rayHead(rayBin, head.token)
    const trained = train("--json")
    const { steps, checkpoint } = await trained.json()
    expect("what was lost is said", /does not know the job/.test(trained.said()), trained.said())
    expect(
      "the training goes on from its newest checkpoint",
      /going on from step \d/.test(trained.said()),
      trained.said(),
    )
    expect("and ends", steps === iterations && existsSync(join(checkpoint, "model.safetensors")))
    const recorded = metrics("swirl-none").map(({ step }) => step)
    expect(
      "every step is on record once",
      recorded.every((step, index) => step === index + 1) && recorded.length === iterations,
      recorded.join(" "),
    )
    const again = train("--json")
    expect(
      "given again it trains nothing",
      (await again.json()).steps === iterations && !/Submitted/.test(again.said()),
    )
  })

  await part("SFT with an adapter, and DPO", async () => {
    const sft = await document(
      ..."train --engine ray --algorithm sft --strategy none --iterations 2 --lora 4 --option trajectories=4".split(
        " ",
      ),
    )
    expect("SFT leaves an adapter", existsSync(join(sft.checkpoint, "adapter_model.safetensors")))
    const cells = (await document("eval", "calc", "--limit", "4", "--model", `local:${sft.checkpoint}`)).cells
    expect("which is evaluated as it is", cells[0].n === 4)
    const dpo = train(
      "--algorithm",
      "step-dpo",
      "--json",
      "--iterations",
      "2",
      "--name",
      "pairs",
      "--option",
      "states=4",
    )
    expect("DPO on pairs that the judge prefers", (await dpo.json()).steps === 2, dpo.said())
  })

  await part("evaluate, compare, report", async () => {
    const { checkpoint } = JSON.parse(readFileSync(join(run, "train/swirl-none/result.json"), "utf8"))
    const cell = async (model) => (await document("eval", "calc", "--limit", "20", "--model", model)).cells[0]
    const [base, trained] = [await cell("nano"), await cell(`local:${checkpoint}`)]
    expect(`both are measured: ${base.accuracy} and ${trained.accuracy}`, base.n === 20 && trained.n === 20)
    const { cells } = await document("compare", join(run, "eval", base.policy), join(run, "eval", trained.policy))
    const { value, ci } = cells[0].result.change
    expect(
      `they are compared, paired: change ${value.toFixed(2)}, ${ci.map((end) => end.toFixed(2)).join(" to ")}`,
      cells.length === 1,
    )
    const local = await document(
      ..."train --engine local --strategy none --iterations 1 --name here --rollout-tasks 0".split(" "),
      ...trainings.small,
    )
    expect("the same command with --engine local trains here", local.steps === 1)
    expect(
      "the report has the trainings",
      readFileSync(join(dirname((await document("report")).report), "data", "summary.js"), "utf8").includes(
        "swirl-none",
      ),
    )
    expect("all records are valid", (await swirl("validate", run).ended) === 0)
  })

  await part("configurations of verl and OpenRLHF", () => readConfigurations(folder))

  await part("round trips and overhead", async () => {
    const trips = []
    for (let index = 0; index < 20; index++) {
      const start = performance.now()
      await head.ask("/api/jobs/")
      trips.push(performance.now() - start)
    }
    const steps = metrics("swirl-none").map(({ values }) => values)
    const submitted = (await jobsThere()).map(({ start_time: start, end_time: end }) => (end - start) / 1000)
    process.stdout.write(`  a look at the jobs: ${median(trips).toFixed(1)} ms (median of ${trips.length})
  a step of 8 actions: ${median(steps.map(({ seconds }) => seconds)).toFixed(2)} s, of which ${(1000 * median(steps.map(({ judgeSeconds }) => judgeSeconds))).toFixed(0)} ms for the judge's round trip (medians of ${steps.length})
  a whole job of two steps, from taken to ended: ${median(submitted).toFixed(1)} s (median of ${submitted.length}): interpreter, model and trainer are loaded each time
`)
  })
}

try {
  await shards()
  if (!values.shards) await trainingsToo()
} finally {
  await head.stop()
  if (values.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
