import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { freshViewer, serveViewer, writeViewer } from "@swirl-ts/report"
import { dataOptions, runOptions } from "../options/tables.ts"
import { path, whole } from "../options/values.ts"
import { withViewerFacts } from "../viewer-facts.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "view",
  description: "look at a run folder in a browser, also while it is being written: a reload shows what has come since",
  arguments: { folder: { optional: true, help: "a run folder, or an experiment's folder of them (default: --run)" } },
  options: {
    port: { value: "<n>", help: "of this machine alone; 0 for any that is free", parse: whole, default: 8791 },
    ...dataOptions,
    run: { ...runOptions.run, parse: path },
  },
  async run(context, { folder, port }) {
    const { host, say, abortSignal } = context
    const directory = folder === undefined ? context.directory : resolve(host.workingDirectory, folder)
    if (!existsSync(directory))
      throw new SwirlError(`There is no run folder ${directory}. Make a run, or give another folder.`, {
        kind: "usage",
      })
    const own = { ...context, directory }
    const pages = await mkdtemp(join(tmpdir(), "swirl-view-"))
    try {
      const viewer = freshViewer(directory, pages, () =>
        withViewerFacts(own, (facts) => writeViewer(directory, pages, { ...facts, keepsLast: true })),
      )
      await viewer.refresh()
      const served = await serveViewer(viewer, { port, log: host.log })
      say(`${directory} is shown at ${served.url} on this machine, and only read. Ctrl-C ends it.`)
      try {
        if (!abortSignal.aborted) await once(abortSignal, "abort")
      } finally {
        await served.stop()
      }
    } finally {
      await rm(pages, { recursive: true, force: true })
    }
  },
})
