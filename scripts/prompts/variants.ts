/** Ways of asking, each with the flags of `swirl eval` that make it. */
import { basename } from "node:path"

export interface Variant {
  /** Of its row, and its folder. */
  name: string
  flags: readonly string[]
}

export interface Choices {
  /** Files of templates. */
  prompts: readonly string[]
  formats: readonly string[]
  shots: readonly number[]
  withoutTools: boolean
}

/** Every wording in every format with every number of worked examples; the benchmark's own wording first. */
export function variantsOf({ prompts, formats, shots, withoutTools }: Choices): Variant[] {
  const crossed = [undefined, ...prompts].flatMap((prompt) =>
    formats.flatMap((format) =>
      shots.map((count) => ({
        name: [
          prompt === undefined ? "default" : basename(prompt).replace(/\.[^.]*$/, ""),
          ...(formats.length > 1 || format !== "tags" ? [format] : []),
          ...(count > 0 ? [`${count}-shot`] : []),
        ].join("-"),
        flags: [
          ...["--action-format", format, "--shots", String(count)],
          ...(prompt === undefined ? [] : ["--prompt", prompt]),
        ],
      })),
    ),
  )
  return withoutTools ? [{ name: "without-tools", flags: ["--tools", "none"] }, ...crossed] : crossed
}
