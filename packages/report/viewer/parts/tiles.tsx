/** A few figures, large. */
import type { ComponentChildren } from "preact"

export const Tiles = ({
  of,
}: {
  of: readonly (readonly [name: string, value: ComponentChildren, detail?: ComponentChildren])[]
}) => (
  <dl class="tiles">
    {of.map(([name, value, detail]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>
          {value}
          {detail && <span class="detail">{detail}</span>}
        </dd>
      </div>
    ))}
  </dl>
)
