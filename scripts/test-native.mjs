/** Installs the native TensorFlow backend into `.swirl/peers` (ignored by git) where it is missing, then runs the tests on it. */
import { spawnSync } from "node:child_process"
import { resolve } from "node:path"

const run = (args, environment = {}) => {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...environment } })
  if (status !== 0) process.exit(status ?? 1)
}
const peers = resolve(".swirl/peers")
run(["--conditions=@swirl-ts/source", "packages/cli/bin/swirl.mjs", "backend", "install"])
run(["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)], {
  SWIRL_TEST_BACKEND: "native",
  SWIRL_BACKEND: "native",
  SWIRL_PEERS: peers,
})
