/**
 * `swirl judge serve` asked by the code of real trainers, at states that `swirl export` wrote: TRL trains on the embedded policy,
 * by its command and in a program, OpenRLHF's executor asks by address and by file, verl's reward managers load the Python file. All on this machine's CPU and loopback.
 * slime is on no registry, so its request is sent as its source has it.
 *
 *   npm run e2e -- judge-serve                  installs what it needs into .swirl/e2e/judge-serve (about 2.5 GB)
 *   npm run e2e -- judge-serve --venv <folder>  with an environment that has it; --python <program> makes it by another
 */
import { execFile, execFileSync, spawn } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs, promisify } from "node:util"
import { expect, part, timesTold } from "./parts.mjs"

const { values } = parseArgs({
  options: { venv: { type: "string" }, python: { type: "string", default: "python3" }, keep: { type: "boolean" } },
})
const wanted = [
  "trl==1.16.0",
  "torch==2.13.0",
  "aiohttp",
  "tensordict",
  "omegaconf",
  "ray",
  "hydra-core",
  "pandas",
  "orjson",
]
/** What these need for training on GPUs is not needed to ask for a reward. */
const alone = ["openrlhf==0.11.2", "verl==0.9.1", "codetiming", "pyvers"]

const swirlFile = resolve("packages/cli/bin/swirl.mjs")
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-judge-"))
const run = (program, args, options = {}) =>
  execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options })
const swirl = (...args) => run(process.execPath, [...flags, swirlFile, ...args])

const python = await part("environment", () => {
  const venv = resolve(values.venv ?? ".swirl/e2e/judge-serve")
  const program = join(venv, "bin/python")
  if (values.venv === undefined && !existsSync(join(venv, "installed"))) {
    mkdirSync(venv, { recursive: true })
    run(values.python, ["-m", "venv", venv])
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(program, [...pip, ...wanted])
    run(program, [...pip, "--no-deps", ...alone])
    writeFileSync(join(venv, "installed"), `${[...wanted, ...alone].join("\n")}\n`)
  }
  return program
})

const children = []
async function serve(...args) {
  const child = spawn(
    process.execPath,
    [...flags, swirlFile, "judge", "serve", "--run", "run", "--port", "0", ...args],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    },
  )
  children.push(child)
  let said = ""
  child.stderr.setEncoding("utf8")
  for await (const text of child.stderr) {
    said += text
    const url = /at (http:\S+), over/.exec(said)?.[1]
    if (url) {
      child.stderr.on("data", () => {}).resume()
      return { child, url, records: /goes to (\S+verdicts\.jsonl)/.exec(said)[1] }
    }
  }
  throw new Error(said)
}
const post = async (url, body) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  return { status: answer.status, text: await answer.text() }
}

/** A judge that says what stands in the action: for what a trainer does where there is no verdict. */
const odd = `
  export default {
    meta: { name: "odd", version: "1.0.0", apiVersion: 1 },
    judges: { odd: { description: "", create: () => ({
      identity: "odd/1",
      judge: ({ action }) => ({ verdict: /good|bad/.exec(action.text)?.[0] ?? "unscored", reason: "as asked" }),
    }) } },
    [Symbol.for("swirl-ts.plugin")]: true,
  }`

try {
  writeFileSync(join(folder, "odd.mjs"), odd)
  const [rows, judged, without] = await part("run folder and services", async () => {
    swirl("generate", "calc", "--limit", "16", "--run", "run")
    writeFileSync(join(folder, "swirl_judge.py"), swirl("judge", "client"))
    swirl("judge", "--run", "run")
    swirl("export", "--format", "trl-grpo", "--strategy", "none", "--run", "run", "--out", "trl.jsonl")
    mkdirSync(join(folder, "rows"))
    copyFileSync(join(folder, "trl.jsonl"), join(folder, "rows/train.jsonl"))
    const lines = readFileSync(join(folder, "rows/train.jsonl"), "utf8").trim().split("\n")
    const states = lines
      .map((line) => JSON.parse(line))
      .map(({ row_id, prompt, recorded_action: good, recorded_reward: reward }) => ({ row_id, prompt, good, reward }))
    const services = [await serve(), await serve("--plugin", "./odd.mjs", "--judge", "odd")]
    const actions = states.map(({ row_id, good }) => ({ row_id, completion: good }))
    const { rewards } = JSON.parse((await post(`${services[0].url}/judge`, { actions })).text)
    const byPrompt = states.map(({ prompt, good }) => ({ prompt, completion: good }))
    const same = JSON.parse((await post(`${services[0].url}/judge`, { actions: byPrompt })).text)
    expect(
      "states are found by their messages as by their row ids",
      same.rewards.join() === rewards.join(),
      same.rewards,
    )
    const recorded = states.map(({ reward }) => reward).join()
    expect("recorded actions have the rewards that swirl judge gave them", recorded === rewards.join(), recorded)
    const first = states.findIndex(({ row_id }, index) => row_id.endsWith("/0") && rewards[index] === 1)
    return [[states[first], ...states.filter((_, index) => index !== first)], ...services]
  })
  await part("slime's request, as its source has it", async () => {
    const [{ prompt, good, row_id }] = rows
    const { text } = await post(`${judged.url}/slime`, { prompt, response: good, label: row_id })
    expect("slime's remote reward is a number", text === "1", text)
    const none = await post(`${without.url}/slime`, { prompt, response: "<answer>unscored</answer>", label: row_id })
    expect("and null where there is no verdict", none.text === "null", none.text)
  })
  const environment = { ...process.env, HF_HUB_OFFLINE: "1", TOKENIZERS_PARALLELISM: "false", OMP_NUM_THREADS: "2" }
  const policy = resolve("packages/policy-nano/model")
  const asking = async (program, args, more = {}) => {
    const running = promisify(execFile)(program, args, {
      cwd: folder,
      env: { ...environment, ...more },
      maxBuffer: 1e8,
    })
    running.child.stderr.pipe(process.stderr)
    return (await running).stdout
  }
  await part("TRL's command, as the page has it", async () => {
    const asks = ["--dataset_name", "rows", "--reward_funcs", "swirl_judge.trl_reward", "--output_dir", "out"]
    const small =
      "--max_steps 2 --num_generations 4 --per_device_train_batch_size 4 --max_completion_length 30 --beta 0"
    const plain = "--report_to none --save_strategy no --use_cpu true --bf16 false --disable_tqdm true"
    const args = ["grpo", "--model_name_or_path", policy, ...asks, ...`${small} ${plain}`.split(" ")]
    await asking(join(dirname(python), "trl"), args, {
      SWIRL_JUDGE_URL: judged.url,
      PATH: [dirname(python), process.env.PATH].join(delimiter),
    })
    expect("trl grpo has trained and saved a model", existsSync(join(folder, "out/model.safetensors")))
  })
  const told = await part("TRL, OpenRLHF and verl", async () => {
    writeFileSync(join(folder, "rows.json"), JSON.stringify(rows))
    const script = fileURLToPath(new URL("judge-serve.py", import.meta.url))
    const args = [script, folder, judged.url, policy, "rows.json", without.url, rows[0].row_id]
    return JSON.parse((await asking(python, args)).trim().split("\n").at(-1))
  })
  const shown = JSON.stringify
  const { openrlhf, verl, trl } = told
  expect("OpenRLHF's executor has the reward, by address", shown(openrlhf.byAddress.reward) === "[1]", shown(openrlhf))
  expect("and by file", shown(openrlhf.byFile) === shown(openrlhf.byAddress), shown(openrlhf))
  expect("a bad action has 0 there", shown(openrlhf.bad.reward) === "[0]", shown(openrlhf))
  const { rewards, isNan, isDropped } = openrlhf.withoutVerdict
  expect(
    "no verdict is null and NaN there, which its filter drops",
    rewards === null && isNan && isDropped,
    shown(openrlhf),
  )
  expect("verl's plain manager has the score of the function", verl.plain.reward_score === 1, shown(verl))
  expect("and SwirlRewardManager the same", verl.manager.reward_score === 1, shown(verl))
  expect("verl's own advantage would be NaN for the whole group", verl.grpoOfVerlIsNan, shown(verl))
  expect("adv_estimator=swirl leaves that sample out", shown(verl.advantages) === "[0.5,0,-1,0.5]", shown(verl))
  expect(
    "TRL trained three steps on rewards of both kinds",
    trl.steps === 3 && shown(trl.rewards) === "[0,1]",
    shown(trl),
  )
  expect("and the weights have moved", trl.weightsMoved > 0, shown(trl))
  expect("TRL has NaN for no verdict, which it leaves out", shown(trl.withoutVerdict) === "[1,null,0,1]", shown(trl))
  await part("records", async () => {
    const metrics = await (await fetch(`${judged.url}/metrics`)).text()
    const count = (name) => Number(new RegExp(`^swirl_judge_${name} (\\d+)$`, "m").exec(metrics)[1])
    judged.child.kill("SIGTERM")
    await new Promise((done) => judged.child.once("exit", done))
    const { records } = JSON.parse(swirl("validate", judged.records, "--json"))
    const written = count("verdicts_recorded_total")
    expect(
      `${written} verdicts are on record, each valid`,
      records["swirl.served-verdict/1"] === written,
      shown(records),
    )
    process.stdout.write(
      `  ${count("actions_asked_total")} actions asked, ${count("cache_hits_total")} known, ${trl.asked} of them by TRL (mean reward by step ${trl.meanRewards.join(", ")})\n`,
    )
  })
  process.stdout.write(`\n${timesTold()}`)
} finally {
  for (const child of children) child.kill("SIGKILL")
  if (values.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
