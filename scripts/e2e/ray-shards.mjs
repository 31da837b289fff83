/**
 * A generation and an evaluation in shards on a real Ray head, by a server's model: one shard's process is killed, and the command
 * given again; then the client is, and attaches. What is merged are the records of one process.
 */
import { createHash } from "node:crypto"
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { expect, part } from "./parts.mjs"

/** Chat completions: a calculation, then an answer, each after a moment, as conversation and seed have it. */
function slowServer() {
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const piece of request) body += piece
    const { messages, seed } = JSON.parse(body)
    const drawn = createHash("sha256")
      .update(JSON.stringify([messages, seed]))
      .digest()[0]
    const isFirst = !messages.some(({ role }) => role === "assistant")
    const content = isFirst ? `<math_exp>${drawn} + 3</math_exp>` : `<answer>${drawn % 7}</answer>`
    await new Promise((done) => setTimeout(done, 250))
    const choice = { index: 0, finish_reason: "stop", message: { role: "assistant", content } }
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify({ id: "x", object: "chat.completion", created: 1, model: "m", choices: [choice] }))
  })
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}/v1` })),
  )
}

/** `swirl`: runs the command and tells how it went; `command`: the words that start it here; `jobsThere`: of the head. */
export async function tryShards({ folder, swirl, command, jobsThere }) {
  const there = join(folder, "swirl-there")
  const words = command.map((word) => `'${word}'`).join(" ")
  writeFileSync(there, `#!/bin/sh\nSWIRL_CACHE='${join(folder, "cache")}' NODE_OPTIONS= exec ${words} "$@"\n`)
  chmodSync(there, 0o755)
  const { server, url } = await slowServer()
  const environment = { SWIRL_RAY_SWIRL: there, SWIRL_RAY_CPUS: "0.5" }
  const asked = ["--limit", "18", "--model", "openai:m", "--base-url", url, "--concurrency", "2"]
  const generate = (run, ...more) =>
    swirl("generate", "calc", "--samples", "2", ...asked, "--run", join(folder, run), ...more)
  const onRay = (run, ...more) => generate(run, "--engine", "ray", "--shards", "3", ...more, environment)
  const textOf = (run, ...names) => readFileSync(join(folder, run, ...names), "utf8")
  /** A server's records are written as they come: their order is nobody's. */
  const records = (run) => textOf(run, "trajectories.jsonl").trim().split("\n").sort().join("\n")
  const ofShards = async () =>
    (await jobsThere()).filter(({ metadata }) => metadata?.swirl_command?.startsWith("generate calc"))
  const idOf = (run, index) =>
    JSON.parse(textOf(`${run}.shards`, `${index}-of-3`, "job.json")).attempts.at(-1).submissionId
  const done = async (started, code = 0) => {
    const ended = await started.ended
    if (ended !== code) throw new Error(`e2e: it ended with ${ended}, not ${code}. ${started.said().slice(-3000)}`)
  }
  try {
    await part("shards: one is killed", async () => {
      await done(generate("one"))
      const first = onRay("all")
      const victim = join(folder, "all.shards", "2-of-3")
      const lock = join(victim, "lock")
      const end = Date.now() + 180_000
      const begun = () => existsSync(lock) && readdirSync(victim).includes("trajectories.jsonl")
      while (!begun() && Date.now() < end) await new Promise((next) => setTimeout(next, 50))
      if (!begun()) throw new Error(`e2e: no shard began. ${first.said().slice(-3000)}`)
      process.kill(JSON.parse(readFileSync(lock, "utf8")).pid, "SIGKILL")
      await done(first, 1)
      expect(
        "the shard that was killed is named",
        /1 of 3 shards has not ended well:\n {2}2\/3: /.test(first.said()),
        first.said(),
      )
      expect(
        "the others' logs came under their names",
        ["1/3", "3/3"].every((name) => first.said().includes(`\n${name}: generate calc`)),
        first.said(),
      )
      expect("nothing is merged yet", !existsSync(join(folder, "all")))
      const before = (await ofShards()).length
      await done(onRay("all"))
      expect("given again, it is submitted alone", before === 3 && (await ofShards()).length === 4)
      expect("merged, the 36 records are those of one process", records("all") === records("one"))
      await done(generate("all"))
      expect("and one process finds them all there", records("all") === records("one"))
      expect("all records are valid", (await swirl("validate", join(folder, "all")).ended) === 0)
    })

    await part("shards: the client is killed, a job is stopped", async () => {
      const first = onRay("second")
      await first.until(/1\/3: The job is RUNNING/)
      first.child.kill("SIGKILL")
      await first.ended
      const second = onRay("second")
      await second.until(/1\/3: Attached to the job /)
      await second.until(/3\/3: The job is /)
      const third = idOf("second", 3)
      second.child.kill("SIGINT")
      await second.ended
      expect("Ctrl-C lets go of all", /Let go of the jobs? swirl-second-/.test(second.said()), second.said())
      await done(swirl("jobs", "--stop", third))
      await done(onRay("second"))
      expect(
        "those that went on were attached to, the one that was stopped is another job",
        [1, 2, 3].map((index) => idOf("second", index).split("-").at(-1)).join() === "1,1,2",
      )
      expect("it ends as one process does", records("second") === records("one"))
      const shown = swirl("jobs", "--json")
      const { jobs: listed } = await shown.json()
      expect(
        "swirl jobs lists shards",
        listed.some(({ training }) => training === "generate calc 2/3"),
      )
    })

    await part("shards: an evaluation", async () => {
      const evaluate = (run, ...more) => swirl("eval", "calc", ...asked, "--run", join(folder, run), "--json", ...more)
      const [one] = (await evaluate("eval-one").json()).cells
      const [all] = (await evaluate("eval-all", "--engine", "ray", "--shards", "2", environment).json()).cells
      expect(`the score is that of one process: ${all.accuracy}`, all.n === 18 && all.accuracy === one.accuracy)
    })
  } finally {
    server.close()
  }
}
