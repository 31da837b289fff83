/** What `swirl` itself checks of a contribution when a plugin is loaded, as a check. */
import { assertPlugin, type ContributionKind, type Contributions, definePlugin } from "@swirl-ts/core"
import { fail } from "./check.ts"

/** Fails where a plugin with it would be refused, or where `swirl list` would have nothing to say of it. */
export function assertShape<K extends ContributionKind>(
  kind: K,
  subject: string,
  name: string | undefined,
  value: Contributions[K][string],
): void {
  const meta = { name: "checked", version: "0.0.0", apiVersion: 1 } as const
  assertPlugin(definePlugin({ meta, [kind]: { [name ?? "checked"]: value } }), subject)
  const { description } = value as { description?: unknown }
  if (typeof description !== "string" || description.trim() === "") {
    fail(
      `${subject} has no description. Say in a sentence what it does: \`description\` is what models and people read.`,
    )
  }
}
