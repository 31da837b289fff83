/** A registry of our own (verdaccio) on this machine: our packages are published to it, all others come through it from the user's. */
import { execFileSync, spawn } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { tool } from "./tools.mjs"

const configOf = (name) => execFileSync("npm", ["config", "get", name], { encoding: "utf8" }).trim()

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const settings = (uplink) => `storage: ./storage
uplinks:
  upstream:
    url: ${uplink}
packages:
  "@swirl-ts/*": { access: $all, publish: $anonymous }
  "**": { access: $all, proxy: upstream }
log: { type: stdout, level: warn }
max_body_size: 200mb
`

/** `environment` has npm and pnpm use it, with nothing of the user's own settings. */
export async function startRegistry(folder) {
  const home = join(folder, "registry")
  mkdirSync(home)
  writeFileSync(join(home, "config.yaml"), settings(configOf("registry")))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}/`
  const certificates = configOf("cafile")
  const child = spawn(
    process.execPath,
    [
      join(tool("verdaccio"), "verdaccio/bin/verdaccio"),
      "--config",
      join(home, "config.yaml"),
      "--listen",
      `127.0.0.1:${port}`,
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...(certificates === "null" ? {} : { NODE_EXTRA_CA_CERTS: certificates }) },
    },
  )
  while (
    !(await fetch(`${address}-/ping`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error("e2e: the registry did not start; see its messages above.")
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const userconfig = join(home, "npmrc")
  writeFileSync(userconfig, `//127.0.0.1:${port}/:_authToken=anybody\nregistry=${address}\nyes=true\nloglevel=error\n`)
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== "NODE_OPTIONS")
  const environment = { ...Object.fromEntries(own), npm_config_registry: address, npm_config_userconfig: userconfig }
  return { environment, stop: () => child.kill() }
}
