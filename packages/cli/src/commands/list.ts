import { type ContributionKind, contributionKinds, SwirlError, suggestion } from "@swirl-ts/core"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "list",
  description: "what is loaded, by kind",
  arguments: { kind: { optional: true, help: contributionKinds.join(", ") } },
  run({ registry }, { kind }) {
    if (kind && !contributionKinds.includes(kind as ContributionKind)) {
      throw new SwirlError(`There is no kind "${kind}".${suggestion(kind, contributionKinds)}`, { kind: "usage" })
    }
    const entries = (kind ? [kind as ContributionKind] : contributionKinds).flatMap((each) =>
      registry.list(each).map((entry) => ({
        kind: each,
        name: entry.name,
        fullName: entry.fullName,
        version: entry.plugin.meta.version,
        description: (entry.value as { description?: string }).description?.split("\n")[0] ?? "",
      })),
    )
    return { entries, broken: registry.broken, notices: registry.notices.length > 0 ? registry.notices : undefined }
  },
  text: ({ entries }) =>
    table([
      ["kind", "name", "full name", "what it is"],
      ...entries.map((entry) => [entry.kind, entry.name, entry.fullName, entry.description.slice(0, 80)]),
    ]),
})
