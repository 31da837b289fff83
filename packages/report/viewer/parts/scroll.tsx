/** Wide content scrolls by itself, by keyboard too, and the page does not. */
import type { ComponentChildren } from "preact"

export const Scroll = ({ of, children }: { of: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
  <section class="scroll" tabIndex={0} aria-label={`${of}, scrolls sideways`}>
    {children}
  </section>
)
