/** The fake server answers as the real one was recorded to: the same fields, of the same kinds. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { baseName, fakeServer } from "../test/fake-server.ts"

const file = fileURLToPath(new URL("../../../../shared/engines/tinker_samples.json", import.meta.url))
interface Exchange {
  method: string
  path: string
  request: Record<string, unknown>
  status: number
  response: unknown
}

/** Names of fields and kinds of values; of a list what its first has. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : []
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, shapeOf(own)]))
}

/** Of the recorded vocabulary to that of the fake one. */
const within = (value: unknown): unknown => {
  if (typeof value === "number" && Number.isInteger(value) && value > 11) return value % 12
  if (Array.isArray(value)) return value.map(within)
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, within(own)]))
}

describe.skipIf(!existsSync(file))("recorded exchanges (../shared/engines)", () => {
  test("every call that the engine makes is answered in the recorded shape", async () => {
    const samples = JSON.parse(readFileSync(file, "utf8")) as Record<string, Exchange>
    const { url } = await fakeServer()
    const api = `${url}/api/v1`
    const post = async (path: string, body: object) => {
      const response = await fetch(`${api}${path}`, { method: "POST", body: JSON.stringify(body) })
      return { status: response.status, body: (await response.json()) as Record<string, string> }
    }
    const ids: Record<string, unknown> = { base_model: baseName }
    const compared: string[] = []
    for (const name of [
      ...["create_session", "session_heartbeat", "create_model", "forward_backward cross_entropy", "optim_step"],
      ...["forward_backward importance_sampling", "forward_backward cispo", "forward (no grad)"],
      ...["save_weights_for_sampler", "asample", "asample greedy + prompt_logprobs", "asample stop token ids"],
      ...["asample base model", "save_weights", "load_weights", "unload_model"],
    ]) {
      const sample = samples[name]!
      const given = Object.fromEntries(
        Object.keys(sample.request).flatMap((field) => (ids[field] === undefined ? [] : [[field, ids[field]]])),
      )
      const asked = { ...(within(sample.request) as object), ...given }
      const answered = await post(sample.path, asked)
      expect({ name, status: answered.status, body: shapeOf(answered.body) }).toEqual({
        name,
        status: sample.status,
        body: shapeOf(sample.response),
      })
      Object.assign(ids, pick(answered.body, ["session_id", "model_id"]))
      const future = samples[`${name} → retrieve_future`]
      if (future) {
        const come = await post("/retrieve_future", { request_id: answered.body.request_id })
        expect({ name, body: shapeOf(come.body) }).toEqual({ name, body: shapeOf(future.response) })
        if (name === "save_weights_for_sampler") {
          ids.model_path = come.body.path
          const again = await post(sample.path, asked)
          expect(again.status).toBe(samples["ERR duplicate sampler path"]!.status)
          expect(again.body.detail).toContain("already exists")
        }
        if (name === "save_weights") ids.path = come.body.path
      }
      compared.push(name)
    }
    expect(compared).toHaveLength(16)
  })
})

const pick = (from: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])))
