/** `swirl judge serve` as a process, over a run folder of its own with one known state. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Trajectory } from "@swirl-ts/core"
import {
  ended,
  hasEnded,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  swirlIn,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"

/** What the state's own step was, and a good one there. */
export const good = " next <math_exp> 45 / 3 </math_exp>"
export const secret = "s3cret-of-the-file"

/** The folder `run` in `folder`, its judges, and `row`, the id of a state at which `good` is good. */
export async function judgedFolder() {
  const folder = temporaryFolder({
    "token.txt": `${secret}\n`,
    "empty.txt": "\n",
    // What it is to say stands in the answer: <verdict>-<milliseconds>.
    "odd.mjs": `
      const said = ({ action }) => /(good|bad|unscored)-([0-9]+)/.exec(action.text) ?? ["", "unscored", "0"]
      export default {
        meta: { name: "odd", version: "1.0.0", apiVersion: 1 },
        judges: { odd: { description: "", create: () => ({
          identity: "odd/1",
          judge: async (input) => {
            const [, verdict, wait] = said(input)
            await new Promise((resolve) => setTimeout(resolve, Number(wait)))
            return { verdict, reason: "as asked" }
          },
        }) } },
        [Symbol.for("swirl-ts.plugin")]: true,
      }`,
  })
  const swirl = swirlIn(folder)
  const { code, stderr } = await swirl("generate", "calc", "--limit", "4", "--run", "run")
  if (code !== 0) throw new Error(stderr)
  const trajectory = readFileSync(join(folder, "run/trajectories.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line): Trajectory => JSON.parse(line))
    .find(({ steps }) => steps.some(({ text }) => text === good))
  if (!trajectory) throw new Error("the policy has changed: no trajectory has the step that these tests go by")
  const row = `${trajectory.id}/0`
  const asking = (...completions: unknown[]) => ({
    actions: completions.map((completion) => ({ row_id: row, completion })),
  })
  const running: { kill(signal: NodeJS.Signals): boolean }[] = []

  async function serve(args: readonly string[] = [], environment: Record<string, string> = {}) {
    const given = [...sourceFlags, swirlCommand, "judge", "serve", "--run", "run", "--port", "0", ...args]
    const env = swirlEnvironment(folder, { SWIRL_JUDGE_TOKEN: "", ...environment })
    const child = spawn(process.execPath, given, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] })
    running.push(child)
    let said = ""
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text
      })
    await until(() => said.includes("Ctrl-C ends it.") || hasEnded(child), 60_000)
    const url = /http:\/\/\S+?(?=, )/.exec(said)?.[0]
    if (url === undefined) throw new Error(said)
    const stop = async (): Promise<number | null> => {
      child.kill("SIGTERM")
      return ended(child)
    }
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text()
    return { child, url, said: () => said, stop, metrics }
  }
  const killAll = (): void => {
    for (const child of running.splice(0)) child.kill("SIGKILL")
  }
  return { folder, swirl, trajectory, row, asking, serve, killAll }
}

export type JudgedFolder = Awaited<ReturnType<typeof judgedFolder>>

export async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
}
