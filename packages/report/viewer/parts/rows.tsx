/**
 * A long list of rows of one height, of which only those in sight are in the page. One row is current: j, k and the arrows
 * move it, Enter opens it. It is a table to screen readers, which are told how many rows there are.
 */
import type { ComponentChildren } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { useKeys } from "../state/keys.ts"

export interface RowColumn {
  name: string
  title: string
  /** Shown on hover. */
  about?: string
  isNumber?: boolean
  /** How it is sorted now; undefined where it cannot be. */
  sort?: { way: "ascending" | "descending" | "none"; by(): void }
}

interface RowsProps {
  label: string
  columns: readonly RowColumn[]
  count: number
  /** Cells of a row, as many as there are columns. */
  cells(index: number): ComponentChildren[]
  linkOf(index: number): string
  /** The column whose cell is the row's link. */
  linked: string
  current: number
  onCurrent(index: number): void
  /** Another list starts at its top. */
  identity: string
  class?: string
}

const [rowHeight, narrowRowHeight, beyond] = [46, 88, 8]
const narrow = 640

export function Rows(props: RowsProps) {
  const { label, columns, count, current, onCurrent, identity } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [{ top, height, isNarrow }, setView] = useState({ top: 0, height: 600, isNarrow: innerWidth < narrow })
  const rowSize = isNarrow ? narrowRowHeight : rowHeight

  useLayoutEffect(() => {
    const element = scroller.current!
    const look = () =>
      setView({ top: element.scrollTop, height: element.clientHeight, isNarrow: element.clientWidth < narrow })
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener("scroll", look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener("scroll", look)
    }
  }, [])

  const lastIdentity = useRef(identity)
  useLayoutEffect(() => {
    if (lastIdentity.current !== identity) scroller.current!.scrollTop = 0
    lastIdentity.current = identity
  }, [identity])

  // The current row is kept in sight, below the head of the table.
  useEffect(() => {
    const element = scroller.current!
    const head = element.querySelector("thead")!.clientHeight
    const [from, to] = [current * rowSize, (current + 1) * rowSize + head]
    if (from < element.scrollTop) element.scrollTop = from
    else if (to > element.scrollTop + element.clientHeight) element.scrollTop = to - element.clientHeight
  }, [current, rowSize])

  const move = (by: number) => onCurrent(Math.max(0, Math.min(count - 1, current + by)))
  const page = Math.max(1, Math.floor(height / rowSize) - 2)
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(page),
    PageUp: () => move(-page),
    Home: () => move(-count),
    End: () => move(count),
    Enter: () => {
      if (count > 0) location.hash = props.linkOf(current)
    },
  })

  const first = Math.max(0, Math.floor(top / rowSize) - beyond)
  const last = Math.min(count, Math.ceil((top + height) / rowSize) + beyond)
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
    <section class={`rows ${props.class ?? ""}`} ref={scroller} tabIndex={0} aria-label={`${label}, scrolls`}>
      <table aria-rowcount={count + 1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell key={column.name} {...column} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={first * rowSize} columns={columns.length} />
          {shown.map((index) => (
            <tr
              key={index}
              aria-rowindex={index + 2}
              class={index === current ? "current" : undefined}
              aria-current={index === current ? "true" : undefined}
              onMouseDown={() => onCurrent(index)}
            >
              {props.cells(index).map((cell, at) => (
                <td key={columns[at]!.name} class={`${columns[at]!.name}${columns[at]!.isNumber ? " number" : ""}`}>
                  {columns[at]!.name === props.linked ? <a href={props.linkOf(index)}>{cell}</a> : cell}
                </td>
              ))}
            </tr>
          ))}
          <Gap height={(count - last) * rowSize} columns={columns.length} />
        </tbody>
      </table>
    </section>
  )
}

function HeadCell({ name, title, about, isNumber, sort }: RowColumn) {
  return (
    <th
      scope="col"
      class={`${name}${isNumber ? " number" : ""}`}
      aria-sort={sort && sort.way !== "none" ? sort.way : undefined}
      title={about}
    >
      {sort ? (
        <button type="button" onClick={sort.by}>
          {title}
          <span aria-hidden="true" class="sort-way">
            {{ ascending: "▲", descending: "▼", none: "" }[sort.way]}
          </span>
        </button>
      ) : (
        title
      )}
    </th>
  )
}

const Gap = ({ height, columns }: { height: number; columns: number }) =>
  height > 0 ? (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can be focused
    <tr aria-hidden="true" class="gap">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  ) : null
