import { type ContributionKind, contributionKinds, SwirlError, suggestion } from "@swirl-ts/core"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"
import { table } from "../table.ts"

export function registerList(program: Command): void {
  withCommonOptions(
    program.command("list").description("what is loaded, by kind").argument("[kind]", contributionKinds.join(", ")),
  ).action(async (kind: string | undefined, options: CommonOptions) => {
    if (kind && !contributionKinds.includes(kind as ContributionKind)) {
      throw new SwirlError(`There is no kind "${kind}".${suggestion(kind, contributionKinds)}`, { kind: "usage" })
    }
    const { registry, output } = await openApp(options)
    const rows = (kind ? [kind as ContributionKind] : contributionKinds).flatMap((each) =>
      registry.list(each).map((entry) => ({
        kind: each,
        name: entry.name,
        fullName: entry.fullName,
        version: entry.plugin.meta.version,
        description: (entry.value as { description?: string }).description?.split("\n")[0] ?? "",
      })),
    )
    output.result(
      { entries: rows, broken: registry.broken },
      table([
        ["kind", "name", "full name", "what it is"],
        ...rows.map((r) => [r.kind, r.name, r.fullName, r.description.slice(0, 80)]),
      ]),
    )
  })
}
