/**
 * What Node has as globals and our packages use as such. `process` says nothing that would be taken for Node's: it has no
 * `versions.node`, by which libraries tell where they are.
 */
import { Buffer } from "buffer/index.js"

const scope = globalThis as unknown as Record<string, unknown>
const agent = typeof navigator === "undefined" ? "a browser" : navigator.userAgent

/** Turns of the event loop: a message to oneself comes at the end of the present one, and no later, as `setTimeout` would. */
function createTurns(): (work: () => void) => void {
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  Object.assign(port1, { onmessage: () => waiting.shift()?.() })
  return (work) => {
    waiting.push(work)
    port2.postMessage(undefined)
  }
}

scope.Buffer ??= Buffer
scope.setImmediate ??= createTurns()
scope.process ??= {
  pid: 1,
  platform: "browser",
  arch: "wasm",
  version: agent,
  versions: {},
  env: {},
  execArgv: [],
  cwd: () => "/",
  once: () => {},
  removeListener: () => {},
  kill: () => true,
  emitWarning: (warning: unknown) => console.warn(warning),
  constrainedMemory: () => 0,
  memoryUsage: { rss: () => 0 },
  resourceUsage: () => ({ maxRSS: 0 }),
}
