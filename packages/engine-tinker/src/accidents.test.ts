/** What gets cut, lost and refused on the way: a gradient counts once, and whoever trains is told what happened. */
import { existsSync, readdirSync } from "node:fs"
import type { Engine } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test, vi } from "vitest"
import { type Accident, type FakeOptions, fakeServer } from "../test/fake-server.ts"
import { adam, create, factory, pairs, policy, rows } from "../test/tiny.ts"

/** Three updates; the log π of every pair of tokens after them. */
async function trained(options: FakeOptions = {}, clipNorm?: number) {
  const server = await fakeServer(options)
  const host = testHost()
  const engine = await create(server.url, { host, normalisation: options.normalisation })
  const norms: number[] = []
  for (let step = 0; step < 3; step++) {
    await engine.forwardBackward(rows.slice(0, 2), { normaliser: 3 })
    await engine.forwardBackward(rows.slice(2), { normaliser: 3 })
    norms.push((await engine.optimStep({ ...adam, clipNorm })).gradientNorm)
  }
  return { server, host, engine, norms, weights: await engine.logProbabilities(pairs, "current") }
}
const near = (values: readonly (readonly number[])[]) => values.map(([value]) => expect.closeTo(value!, 9))

// The check at the start makes three requests of gradients and four steps.
const accidents: [string, Accident][] = [
  ["a forward_backward that was taken is cut", { path: "forward_backward", at: 5, what: "cut-after" }],
  ["a forward_backward is cut before it arrives", { path: "forward_backward", at: 5, what: "cut-before" }],
  ["a step that was taken is cut", { path: "optim_step", at: 6, what: "cut-after" }],
  ["a step is cut before it arrives", { path: "optim_step", at: 6, what: "cut-before" }],
  ["the server is started again before a gradient", { path: "forward_backward", at: 6, what: "lost" }],
  ["the server is started again before a step", { path: "optim_step", at: 6, what: "lost" }],
  ["the server is started again before its state is saved", { path: "save_weights", at: 3, what: "lost" }],
  ["the server is started again before it scores", { path: "forward", at: 1, what: "lost" }],
  ["the answer to a saved state is cut, and its name is used", { path: "save_weights", at: 2, what: "cut-after" }],
  ["a poll is cut", { path: "retrieve_future", at: 12, what: "cut-after" }],
  ["the server is busy", { path: "forward_backward", at: 5, what: { status: 429, body: { detail: "busy" } } }],
]
for (const normalisation of ["sequence-mean", "sum"] as const)
  for (const [name, accident] of accidents)
    test(`${name}: every gradient counts once (${normalisation})`, async () => {
      const calm = await trained({ normalisation })
      const { weights, norms, server } = await trained({ normalisation, accidents: [accident] })
      expect(server.of(accident.path).length).toBeGreaterThanOrEqual(accident.at)
      expect(norms).toEqual(calm.norms.map((norm) => expect.closeTo(norm, 9)))
      expect(weights).toEqual(near(calm.weights).map((value) => [value]))
    })

test("a server that is away for a while is waited for, and the update made anew", async () => {
  const [calm, { url, down, of }] = [await trained(), await fakeServer()]
  const engine = await create(url)
  await engine.forwardBackward(rows, { normaliser: 3 })
  down(1500)
  expect((await engine.optimStep(adam)).gradientNorm).toBeCloseTo(calm.norms[0]!, 9)
  expect(of("create_model")).toHaveLength(2)
})

test("clipping makes the step anew with a gradient that is as short, and tells the norm before", async () => {
  const free = await trained()
  const clipped = await trained({}, free.norms[0]! / 3)
  expect(clipped.norms[0]).toBeCloseTo(free.norms[0]!, 9)
  const steps = clipped.server.of("optim_step").length
  // Each of three: the step, one that throws away nothing before the state is loaded, the step made anew.
  expect(steps).toBeGreaterThanOrEqual(4 + 3 * 3)
  expect(clipped.weights).not.toEqual(near(free.weights).map((value) => [value]))
})

test("a gradient that is no number changes nothing, and the training goes on", async () => {
  const { url } = await fakeServer({ accidents: [{ path: "forward_backward", at: 4, what: "spoilt" }] })
  const engine = await create(url)
  const before = await engine.logProbabilities(pairs, "current")
  await engine.forwardBackward(rows, { normaliser: 3 })
  expect((await engine.optimStep(adam)).gradientNorm).toBeNaN()
  expect(await engine.logProbabilities(pairs, "current")).toEqual(before)
  await engine.forwardBackward(rows, { normaliser: 3 })
  expect((await engine.optimStep(adam)).gradientNorm).toBeGreaterThan(0)
})

test("gradients that are thrown away are in no later step", async () => {
  const { url } = await fakeServer()
  const engine = await create(url)
  await engine.forwardBackward(rows, { normaliser: 3 })
  const { gradientNorm } = await engine.optimStep({ ...adam, learningRate: 0 })
  await engine.forwardBackward(rows, { normaliser: 1 })
  await engine.clearGradients!()
  await engine.forwardBackward(rows, { normaliser: 3 })
  expect((await engine.optimStep(adam)).gradientNorm).toBeCloseTo(gradientNorm, 9)
})

test("what was left in a slot is thrown away before the first step, and said", async () => {
  const server = await fakeServer({ slots: 1 })
  const first = await create(server.url)
  await first.forwardBackward(rows, { normaliser: 1 })
  // As a process that is killed: nothing is stepped on, the model goes.
  server.models.clear()
  const host = testHost()
  const engine = await create(server.url, { host })
  expect(host.lines.join()).toContain("gradients that another training had left there were thrown away")
  const calm = await create((await fakeServer()).url)
  for (const own of [engine, calm]) await own.forwardBackward(rows, { normaliser: 3 })
  expect((await engine.optimStep(adam)).gradientNorm).toBeCloseTo((await calm.optimStep(adam)).gradientNorm, 9)
})

test("a future that is not there yet is asked for again, and one that never comes is given up by its name", async () => {
  const slow = await fakeServer({ pending: 2 })
  const engine = await create(slow.url)
  expect((await engine.logProbabilities(rows, "current"))[0]).toHaveLength(2)
  // Without rows it never would: nothing is sent.
  const before = slow.seen.length
  expect(await engine.forwardBackward([], { normaliser: 1 })).toEqual({ loss: 0, logProbabilities: [] })
  expect(slow.seen).toHaveLength(before)
  const { url } = await fakeServer({ pending: 1e9 })
  await expect(create(url, { futureSeconds: 0.2 })).rejects.toThrow(
    /has not finished create_model within 0.2 s \(request 1\). Is its engine running\?/,
  )
})

test("without a slot it says so; one of a process that has died is given back first", async () => {
  const server = await fakeServer({ slots: 1 })
  const host = testHost()
  await create(server.url, { host })
  await expect(create(server.url)).rejects.toThrow(
    /has no slot left for another adapter \(Maximum number of LoRA adapters \(2\) reached; one of them is the base's\)/,
  )
  const [folder] = readdirSync(`${host.cacheDirectory}/engine-tinker`)
  const claim = `${host.cacheDirectory}/engine-tinker/${folder}/model_1.json`
  expect(existsSync(claim)).toBe(true)
  const { writeFileSync } = await import("node:fs")
  writeFileSync(claim, JSON.stringify({ modelId: "model_1", pid: 2 ** 22 + 1 }))
  await create(server.url, { host })
  expect(server.of("unload_model").map(({ body }) => body.model_id)).toEqual(["model_1"])
  expect([...server.models.keys()]).toEqual(["model_3"])
})

test("closing steps and unloads, so that nothing is left for the next one", async () => {
  const server = await fakeServer({ slots: 1 })
  const engine = await create(server.url)
  await engine.forwardBackward(rows, { normaliser: 1 })
  await engine.dispose()
  expect(server.seen.slice(-2).map(({ path }) => path)).toEqual(["optim_step", "unload_model"])
  expect(server.models.size).toBe(0)
})

test("a state that the server has no more is named, and so is a checkpoint of another engine or rank", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  const directory = temporaryFolder()
  await engine.saveState(directory)
  server.wipe()
  const other = await create(server.url)
  await expect(other.loadState(directory)).rejects.toThrow(
    /does not have the state of .* any more \(tinker:\/\/model_1\/weights\//,
  )
  await expect(other.loadState(temporaryFolder())).rejects.toThrow(/was not written by the engine tinker/)
  const another = await create(server.url, { lora: 8 })
  await expect(another.loadState(directory)).rejects.toThrow(/is an adapter of rank 4 .* this training has rank 8/)
})

test("ids beyond the vocabulary, empty states and coefficients that are no numbers never reach the server", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  const before = server.seen.length
  const row = { promptTokenIds: [1], tokenIds: [2], coefficients: [1] }
  const refused = (change: object) => engine.forwardBackward([{ ...row, ...change }], { normaliser: 1 })
  await expect(refused({ tokenIds: [12] })).rejects.toThrow(
    "Token 0 of training row 0 has the id 12, but the model's vocabulary has 12",
  )
  await expect(refused({ promptTokenIds: [99] })).rejects.toThrow(
    "Token 0 of the state of training row 0 has the id 99",
  )
  await expect(refused({ promptTokenIds: [] })).rejects.toThrow("Training row 0 has an empty state")
  await expect(refused({ coefficients: [1, 2] })).rejects.toThrow("1 action tokens and 2 coefficients")
  await expect(refused({ coefficients: [Number.NaN] })).rejects.toThrow("no finite number")
  await expect(async () => engine.sample([[12]], { n: 1, maxTokens: 1, temperature: 1, seeds: [1] })).rejects.toThrow(
    "Token 0 of the prompt",
  )
  expect(server.seen).toHaveLength(before)
})

test("an abort ends a sample at once, and closing ends whatever waits", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  await engine.sample([[1]], { n: 1, maxTokens: 1, temperature: 1, seeds: [1] })
  server.stall()
  const abort = new AbortController()
  const sampling = engine.sample([[1]], { n: 1, maxTokens: 1, temperature: 1, seeds: [1], abortSignal: abort.signal })
  setTimeout(() => abort.abort(new Error("enough")), 50)
  await expect(sampling).rejects.toThrow("enough")
  const scoring = engine.logProbabilities(rows, "current")
  const closing = expect(scoring).rejects.toThrow("The engine was closed.")
  setTimeout(() => engine.dispose(), 50)
  await closing
})

test("an interruption ends every call at once, sends nothing twice, and the slot is given back", async () => {
  const calls: [string, string, (engine: Engine) => Promise<unknown>][] = [
    ["a gradient", "forward_backward", (engine) => engine.forwardBackward(rows, { normaliser: 3 })],
    ["log-probabilities", "forward", (engine) => engine.logProbabilities(rows, "current")],
    ["weights to sample with", "save_weights_for_sampler", (engine) => engine.saveState(temporaryFolder())],
  ]
  for (const [name, path, call] of calls) {
    const server = await fakeServer({ slots: 1 })
    const abort = new AbortController()
    const engine = await create(server.url, { abortSignal: abort.signal })
    const before = server.of(path).length
    server.stall()
    const ending = expect(call(engine), name).rejects.toThrow("Stopped by Ctrl-C.")
    await vi.waitUntil(() => server.of(path).length > before, { timeout: 20_000 })
    abort.abort(new Error("Stopped by Ctrl-C."))
    await ending
    expect(server.of(path).length - before, name).toBe(1)
    // Of a server that answers no future the last two calls are sent, and waited for no longer than a moment.
    await engine.dispose()
    expect(server.seen.slice(-2).map((each) => each.path)).toEqual(["optim_step", "unload_model"])
    expect(server.models.size).toBe(0)
  }
})

test("what the server is not, has not, or does otherwise is said before anything is made", async () => {
  const { url } = await fakeServer()
  const options = { policy, url, lora: 4 }
  const { services } = await import("../test/tiny.ts")
  const check = (change: object, host = testHost()) =>
    Promise.resolve(factory.check!({ ...options, ...change }, host, services))
  await expect(check({})).resolves.toBeUndefined()
  await expect(async () => check({ lora: undefined })).rejects.toThrow("Give its rank, e.g. --lora 16")
  await expect(async () => check({ loraTargets: ["q"] })).rejects.toThrow("cannot leave out k, v, o, gate, up, down")
  await expect(async () => check({ url: undefined })).rejects.toThrow("give its address, e.g. --engine-url")
  await expect(async () => check({ url: "localhost:8000" })).rejects.toThrow('"localhost:8000" is not a URL')
  await expect(check({ policy: "local:other" })).rejects.toThrow(
    "has /models/tiny, and nothing says that this is local:other. Where the weights are the same, say so: --engine-option baseModel=/models/tiny",
  )
  await expect(check({ policy: "local:other", baseModel: "/models/tiny" })).resolves.toBeUndefined()
  await expect(check({ baseModel: "/models/tin" })).rejects.toThrow("has no model /models/tin.")
  await expect(check({ policy: `${policy}+adapter` })).rejects.toThrow("has an adapter on top")
  await expect(check({ url: "http://127.0.0.1:9" })).rejects.toThrow("could not be reached")
  await expect(create(url, { loraAlpha: 16 })).rejects.toThrow(
    "The server's adapters have alpha 32, whatever is asked for, not 16",
  )
  await expect(create(url, { lora: 16 })).rejects.toThrow("LoRA rank 16 must be between 1 and 8")
  const other = { path: "get_server_capabilities", at: 1, what: { status: 200, body: { models: [] } } } as const
  const { url: newer } = await fakeServer({ accidents: [other] })
  await expect(check({ url: newer })).rejects.toThrow(
    /answered \/get_server_capabilities otherwise than a Tinker server that is known here \(SkyRL 0.3.0\): supported_models.* another version/,
  )
})

test("a normalisation other than the one that is set is found on one known row, and named", async () => {
  const { url } = await fakeServer({ normalisation: "sum" })
  await expect(create(url)).rejects.toThrow(
    /normalises a loss by sum, not by sequence-mean.*--engine-option normalisation=sum/,
  )
  const { url: usual } = await fakeServer()
  await expect(create(usual, { normalisation: "sum" })).rejects.toThrow(
    /normalises a loss by sequence-mean, not by sum/,
  )
})

test("another base than the one that was asked for is refused, which the server would not", async () => {
  const { url } = await fakeServer({ models: ["/models/other", "/models/tiny"] })
  await expect(create(url)).rejects.toThrow("was asked for /models/tiny and trains /models/other")
})

test("a key from the environment or a file is sent, and is in no message", async () => {
  const server = await fakeServer({
    accidents: [{ path: "create_session", at: 1, what: { status: 403, body: { detail: "no such key tml-secret" } } }],
  })
  const environment = { SWIRL_ENGINE_KEY_FILE: "key.txt", TINKER_API_KEY: "another" }
  const host = testHost({ environment, workingDirectory: temporaryFolder({ "key.txt": "tml-secret\n" }) })
  const error: Error = await create(server.url, { host }).then(
    () => expect.fail("it should be refused"),
    (cause: Error) => cause,
  )
  expect(error.message).toContain("create_session")
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    expect(`${at.message} ${JSON.stringify(at)}`).not.toContain("secret")
  expect(server.seen.every(({ headers }) => headers["x-api-key"] === "tml-secret")).toBe(true)
  expect(server.seen.every(({ headers }) => headers.authorization === "Bearer tml-secret")).toBe(true)
  const missing = testHost({ environment: { SWIRL_ENGINE_KEY_FILE: "nowhere.txt" } })
  await expect(create(server.url, { host: missing })).rejects.toThrow(
    "SWIRL_ENGINE_KEY_FILE names nowhere.txt, which cannot be read",
  )
})
