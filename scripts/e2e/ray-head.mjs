/** A Ray head of our own on loopback, in token mode: few CPUs, a small object store, ports that are free. */
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { request } from "node:http"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** `bin`: of the environment that has Ray. */
export async function rayHead(bin, token = randomBytes(32).toString("hex")) {
  const [port, dashboard] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${dashboard}`
  // Sockets stand in it, whose paths may have 107 characters.
  const folder = mkdtempSync(join(tmpdir(), "swr-"))
  const options = {
    "--port": port,
    "--dashboard-host": "127.0.0.1",
    "--dashboard-port": dashboard,
    "--node-ip-address": "127.0.0.1",
    "--num-cpus": 1,
    "--num-gpus": 0,
    "--memory": 2_000_000_000,
    "--object-store-memory": 100_000_000,
    "--temp-dir": folder,
  }
  const args = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  const child = spawn(join(bin, "ray"), ["start", "--head", "--block", "--disable-usage-stats", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      RAY_AUTH_MODE: "token",
      RAY_AUTH_TOKEN: token,
      // What others need of this machine's memory is no reason to end our jobs.
      RAY_memory_monitor_refresh_ms: "0",
      PATH: `${bin}:${process.env.PATH}`,
    },
    // A group of its own, to be ended whole.
    detached: true,
  })
  let told = ""
  child.stderr.setEncoding("utf8").on("data", (text) => {
    told += text
  })
  const ask = (path) =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }, async (answer) => {
        let body = ""
        for await (const piece of answer.setEncoding("utf8")) body += piece
        resolve({ status: answer.statusCode, body })
      })
      sent.on("error", reject).end()
    })
  const end = Date.now() + 180_000
  while ((await ask("/api/jobs/").catch(() => ({}))).status !== 200) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`e2e: Ray did not start. ${told.slice(-2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return {
    url,
    token,
    folder,
    /** As its dashboard answers, with the token. */
    ask,
    /** All processes of it at once, as when the machine goes away. */
    kill() {
      try {
        process.kill(-child.pid, "SIGKILL")
      } catch {}
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve))
        child.kill("SIGTERM")
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000))])
      }
      this.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
