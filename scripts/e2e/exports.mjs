/**
 * Every export format read by its consumer's own code: a small run of the embedded policy and one with a model's own tool
 * calls are exported, and loaded by `datasets`, Inspect, lm-evaluation-harness and Harbor, then prepared or trained on by TRL
 * and read by the dataset classes of verl, OpenRLHF and SkyRL. All on this machine's CPU.
 *
 *   npm run e2e -- exports                       installs into .swirl/e2e (readers 0.5 GB, trainers 2 GB; Python 3.12)
 *   npm run e2e -- exports --only readers        --readers <venv>, --trainers <venv>: environments that are there
 *   npm run e2e -- exports --keep                keeps the folder
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { expect, part, timesTold } from "./parts.mjs"

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    readers: { type: "string" },
    trainers: { type: "string" },
    keep: { type: "boolean" },
  },
})
const environments = {
  readers: {
    pythons: ["python3.12", "python3.13", "python3"],
    // Harbor's.
    since: "3.12",
    wanted: ["datasets", "pyarrow", "inspect-ai==0.3.285", "lm-eval==0.4.13", "harbor==0.26.0"],
    alone: [],
  },
  trainers: {
    pythons: ["python3.12", "python3.13", "python3"],
    // SkyRL's.
    since: "3.12",
    wanted: [
      "torch==2.13.0",
      "trl==1.16.0",
      "ray",
      "tensordict",
      "torchdata",
      "hydra-core",
      "codetiming",
      "pylatexenc",
      "loguru",
      "pandas",
      "pillow",
      "qwen-vl-utils",
    ],
    // What these need for training on GPUs is not needed to read a data set.
    alone: ["verl==0.9.1", "openrlhf==0.11.2", "skyrl==0.4.0"],
    // The last one with a PRMTrainer, beside the one above.
    prm: "trl==1.10.0",
  },
}
const formats = ["trl-grpo", "trl-sft", "trl-dpo", "trl-prm", "openrlhf", "openai-chat", "verl", "skyrl"]
const folders = ["inspect", "lm-eval", "atif", "hf"]

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
const folder = mkdtempSync(join(tmpdir(), "swirl-e2e-exports-"))
const run = (program, args, options = {}) =>
  execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options })
const swirl = (...args) =>
  JSON.parse(run(process.execPath, [...flags, here("../../packages/cli/src/main.ts"), ...args, "--json", "--quiet"]))

function environment(name) {
  const venv = resolve(values[name] ?? `.swirl/e2e/exports-${name}`)
  const python = join(venv, "bin/python")
  const { pythons, since, wanted, alone, prm } = environments[name]
  if (values[name] === undefined && !existsSync(join(venv, "installed"))) {
    const suits = `import sys, venv; assert sys.version_info >= (${since.replace(".", ", ")})`
    const system = pythons.find((each) => works(each, ["-c", suits]))
    if (!system)
      throw new Error(`e2e: none of ${pythons.join(", ")} in the path is Python ${since} or newer, with venv.`)
    rmSync(venv, { recursive: true, force: true })
    mkdirSync(venv, { recursive: true })
    run(system, ["-m", "venv", venv])
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(python, [...pip, ...wanted])
    if (alone.length > 0) run(python, [...pip, "--no-deps", ...alone])
    if (prm) run(python, [...pip, "--no-deps", "--target", join(venv, "prm"), prm])
    writeFileSync(join(venv, "installed"), `${[...wanted, ...alone].join("\n")}\n`)
  }
  return { python, venv }
}

function works(program, args) {
  try {
    execFileSync(program, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

/** What the Python side found, a line a statement; it ends with an error at the first that does not hold. */
function checks(name) {
  const { python, venv } = environment(name)
  const told = run(
    python,
    [here("exports.py"), name, folder, resolve("packages/policy-nano/model"), join(venv, "prm")],
    {
      env: { ...process.env, HF_HUB_OFFLINE: "1", HF_HOME: join(folder, "hf-home"), TOKENIZERS_PARALLELISM: "false" },
    },
  )
  for (const line of told.split("\n").filter((each) => each.startsWith("ok "))) expect(line.slice(3), true)
  for (const line of told.split("\n").filter((each) => each.startsWith("not here ")))
    process.stdout.write(`  ${line}\n`)
}

try {
  await part("runs", () => {
    swirl(
      "generate",
      "calc",
      "--split",
      "test",
      "--limit",
      "20",
      "--samples",
      "3",
      "--temperature",
      "1",
      "--run",
      "tags",
    )
    swirl("judge", "--run", "tags")
    const replies = [{ toolCalls: [{ toolName: "calculator", input: { expression: "1 + 1" } }] }, "<answer>2</answer>"]
    writeFileSync(join(folder, "replies.json"), JSON.stringify([{ replies }]))
    const native = ["--model", "script:replies.json", "--action-format", "native", "--run", "native"]
    swirl("generate", "calc", "--split", "test", "--limit", "3", ...native)
    swirl("judge", "--run", "native")
    const evaluated = swirl("eval", "calc", "--split", "test-new", "--limit", "10", "--model", "nano", "--run", "tags")
    expect("there are trajectories to export", evaluated !== undefined)
  })
  await part("exports", () => {
    for (const run of ["tags", "native"]) {
      const all = ["--strategy", "none", "--run", run]
      for (const format of formats) {
        // A pair needs two actions at one state; the scripted model acts in one way.
        if (format === "trl-dpo" && run === "native") continue
        const endings = ["verl", "skyrl"].includes(format) ? ["jsonl", "parquet"] : ["jsonl"]
        for (const ending of endings) swirl("export", "--format", format, "--out", `${run}-${format}.${ending}`, ...all)
      }
      for (const format of folders) swirl("export", "--format", format, "--out", `${run}-${format}`, ...all)
    }
    for (const format of ["inspect", "lm-eval"]) {
      const { rows } = swirl(
        "export",
        "--format",
        format,
        "--evaluation",
        "nano",
        "--out",
        `eval-${format}`,
        "--run",
        "tags",
      )
      expect(`${format}: the 10 samples of an evaluation`, rows === 10, `${rows}`)
    }
  })
  for (const name of ["readers", "trainers"])
    if (values.only === undefined || values.only === name) await part(name, () => checks(name))
} finally {
  if (values.keep) process.stdout.write(`kept: ${folder}\n`)
  else rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(timesTold())
