import { callPlugin, SwirlError, suggestion, whoseIs } from "@swirl-ts/core"
import { engineOptions } from "../options/tables.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "jobs",
  description: "what was submitted to a cluster by train, generate and eval with --engine; --stop ends one",
  options: {
    engine: { value: "<name>", help: "one that takes whole jobs", default: "ray" },
    ...engineOptions,
    stop: { value: "<id>", help: "end this job; the command that submitted it goes on where it was" },
  },
  async run({ registry, host, abortSignal }, { engine, engineUrl: url, stop }) {
    const entry = registry.resolve("jobEngines", engine)
    if (!entry.value.jobs)
      throw new SwirlError(`The engine ${engine} does not say which jobs it has.`, { kind: "usage" })
    const jobs = await callPlugin({ whose: whoseIs(entry), what: "jobs", abortSignal }, async () =>
      entry.value.jobs!({ url }, host, abortSignal),
    )
    const stopped = stop === undefined ? undefined : await jobs.stop(stop)
    const all = await jobs.list()
    if (stop !== undefined && stopped === undefined)
      throw new SwirlError(
        `${jobs.url} has no job ${stop}.${suggestion(
          stop,
          all.map(({ id }) => id),
        )} swirl jobs shows what is there.`,
        { kind: "usage" },
      )
    return { url: jobs.url, jobs: all, stop, stopped }
  },
  text: ({ url, jobs, stop, stopped }) => [
    ...(stop === undefined
      ? []
      : [stopped ? `Stopped ${stop}; the command that submitted it goes on where it was.` : `${stop} had ended.`]),
    ...(jobs.length === 0
      ? [`${url} has no job that swirl submitted.`]
      : table([
          ["id", "what", "status", "submitted", "ended"],
          ...jobs.map(({ id, training, status, startedAt = "", endedAt = "" }) => [
            id,
            training,
            status,
            startedAt,
            endedAt,
          ]),
        ])),
  ],
})
