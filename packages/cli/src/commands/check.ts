import { singular } from "@swirl-ts/core"
import { type CheckedResult, checkPlugin } from "../check/check-process.ts"
import { dataOptions } from "../options/tables.ts"
import { positive } from "../options/values.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "check",
  description: "check a plugin and all that it contributes, without a test and without a model",
  arguments: { plugin: { help: "package name, or path of the file that exports it" } },
  options: {
    ...dataOptions,
    skip: {
      value: "<check>",
      help: "leave this check out, by its name: what is random or a clock cannot answer alike twice (repeatable)",
      repeatable: true,
    },
    timeout: { value: "<seconds>", help: "most that one check may take", parse: positive, default: 30 },
  },
  plugins: false,
  async run({ host, say, abortSignal }, { plugin, data, skip, timeout }) {
    const { workingDirectory, cacheDirectory } = host
    const request = {
      plugin,
      workingDirectory,
      cacheDirectory,
      data,
      skip,
      timeout: timeout * 1000,
    }
    const checked = await checkPlugin(request, abortSignal, (result) => {
      if (result.status === "failed") say(`${titleOf(result)} failed: ${result.name}`)
    })
    return { ...checked, ...counts(checked.results) }
  },
  text: ({ plugin, results, ok, failed, skipped }) => [
    ...groupsOf(results).flatMap((group) => [
      titleOf(group[0]!),
      ...table(group.map(({ status, name, reason }) => [`  ${status}`, reason ? `${name}: ${reason}` : name])),
    ]),
    `${plugin.name} ${plugin.version}: ${ok} ok, ${failed} failed, ${skipped} skipped`,
  ],
  exitCode: ({ failed }) => (failed > 0 ? 1 : 0),
})

const titleOf = ({ kind, of }: CheckedResult): string => `${kind === "plugin" ? kind : singular[kind]} ${of}`

const counts = (results: readonly CheckedResult[]) => {
  const of = (status: CheckedResult["status"]): number => results.filter((each) => each.status === status).length
  return { ok: of("ok"), failed: of("failed"), skipped: of("skipped") }
}

const groupsOf = (results: readonly CheckedResult[]): CheckedResult[][] =>
  Object.values(Object.groupBy(results, ({ kind, of }) => `${kind} ${of}`)) as CheckedResult[][]
