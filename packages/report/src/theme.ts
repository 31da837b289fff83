/** The report's only style sheet. Colours are of the Okabe-Ito set (blue, vermilion, green), told apart without colour vision. */
import { trusted } from "./html.ts"

export const styleSheet = trusted(`
:root { color-scheme: light dark;
  --ground: #fcfcfb; --panel: #ffffff; --ink: #1c1d1f; --soft: #5c6066; --faint: #8b9097; --line: #e2e3e5; --strong-line: #c4c7cb;
  --blue: #0067a3; --red: #b84a00; --green: #007a5a; --blue-tint: #dcecf8; --red-tint: #fbe6d8; --code: #f4f4f2; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #131416; --panel: #1a1c1f; --ink: #e7e8ea; --soft: #a6abb2; --faint: #7d838b; --line: #2c2f34; --strong-line: #454a51;
  --blue: #6db6ea; --red: #f0935a; --green: #4fc3a1; --blue-tint: #12324a; --red-tint: #47240f; --code: #212327; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
main, header.page, footer.page { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
header.page { padding-top: 3rem; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; margin: 0 0 .35rem; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3.2rem 0 .4rem; font-weight: 650; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; font-weight: 650; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--blue); }
.dateline, .note, figcaption, caption { color: var(--soft); font-size: .875rem; }
.note { max-width: 46rem; }
.headline { margin: 1.4rem 0 0; padding-left: 1rem; border-left: 3px solid var(--blue); }
.headline p { overflow-wrap: anywhere; }
.headline p:first-child { font-size: 1.2rem; line-height: 1.45; margin-top: 0; }
.headline p.sub { margin: .15rem 0 .15rem 1.1rem; font-size: .92rem; color: var(--soft); }
nav { margin-top: 1.6rem; font-size: .875rem; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 .5rem; caption-side: top; }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 1px solid var(--strong-line); font-weight: 600; vertical-align: bottom; white-space: nowrap; }
th[scope=row] { font-weight: 600; min-width: 11rem; max-width: 19rem; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
.matrix { width: 100%; }
.matrix th[scope=row] { position: sticky; left: 0; background: var(--ground); z-index: 1; }
.matrix td { min-width: 8.5rem; white-space: nowrap; border-left: 1px solid var(--line); }
.matrix .base td, .matrix .base th { border-bottom: 1px solid var(--strong-line); }
.matrix .up, .swatch.up { background: var(--blue-tint); } .matrix .down, .swatch.down { background: var(--red-tint); }
.accuracy { font-size: 1.05rem; font-weight: 600; }
.detail { display: block; color: var(--soft); font-size: .78rem; line-height: 1.45; font-weight: 400; }
.change { display: block; font-weight: 600; font-size: .85rem; }
.up .change, .up-before-correction .change { color: var(--blue); } .down .change, .down-before-correction .change { color: var(--red); } .unclear .change { color: var(--soft); }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 3px; padding: 0 .35rem; font-size: .72rem; line-height: 1.35rem; font-weight: 600; margin-right: .35rem; }
.tag.bad { color: var(--red); } .tag.good { color: var(--blue); } .tag.plain { color: var(--soft); }
.trained { box-shadow: inset 3px 0 0 var(--ink); } .family { box-shadow: inset 3px 0 0 var(--faint); }
.matrix td .words { white-space: normal; max-width: 15rem; overflow-wrap: anywhere; }
.heat td { text-align: right; white-space: nowrap; border-left: 1px solid var(--line); font-weight: 600; }
.heat .warm-1 { background: color-mix(in srgb, var(--blue) 10%, var(--panel)); } .heat .warm-2 { background: color-mix(in srgb, var(--blue) 20%, var(--panel)); }
.heat .warm-3 { background: color-mix(in srgb, var(--blue) 30%, var(--panel)); } .heat .warm-4 { background: color-mix(in srgb, var(--blue) 40%, var(--panel)); }
.heat .cold-1 { background: color-mix(in srgb, var(--red) 10%, var(--panel)); } .heat .cold-2 { background: color-mix(in srgb, var(--red) 20%, var(--panel)); }
.heat .cold-3 { background: color-mix(in srgb, var(--red) 30%, var(--panel)); } .heat .cold-4 { background: color-mix(in srgb, var(--red) 40%, var(--panel)); }
.heat td .detail { color: var(--ink); }
.key { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .82rem; color: var(--soft); margin: .3rem 0 .8rem; align-items: center; }
.key .swatch { display: inline-block; width: 1rem; height: 1rem; vertical-align: -.18rem; margin-right: .35rem; border: 1px solid var(--line); }
.key svg { vertical-align: -.15rem; margin-right: .3rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1.4rem 2rem; margin: 1rem 0; }
.panels.wide { grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr)); }
figure { margin: 0; min-width: 0; } figure h3 { margin: 0 0 .2rem; }
svg.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; }
svg text { fill: var(--soft); font-size: 12px; } svg text.strong { fill: var(--ink); font-weight: 600; }
svg .grid { stroke: var(--line); } svg .axis { stroke: var(--strong-line); }
svg .reference { stroke: var(--faint); stroke-dasharray: 2 3; }
svg .series { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .reward { stroke: var(--blue); } svg .rollout { stroke: var(--red); } svg .steps { stroke: var(--green); stroke-dasharray: 5 3; stroke-width: 1.6; }
svg .rollout-point { fill: var(--red); } svg .steps-point { fill: var(--ground); stroke: var(--green); stroke-width: 1.6; }
svg .alarm { stroke: var(--ink); stroke-width: 1.4; } svg .alarm-mark { fill: var(--ink); }
svg .whisker { stroke-width: 2; stroke: var(--soft); } svg .dot { fill: var(--soft); }
svg .whisker.up { stroke: var(--blue); } svg .dot.up { fill: var(--blue); } svg .whisker.down { stroke: var(--red); } svg .dot.down { fill: var(--red); }
svg .whisker.up-before-correction { stroke: var(--blue); } svg .whisker.down-before-correction { stroke: var(--red); }
svg .dot.up-before-correction { fill: var(--ground); stroke: var(--blue); } svg .dot.down-before-correction { fill: var(--ground); stroke: var(--red); }
ul.plain { margin: .4rem 0; padding-left: 1.1rem; max-width: 46rem; } ul.plain li { margin: .3rem 0; overflow-wrap: anywhere; }
.alarms { font-size: .85rem; margin: .4rem 0 0; padding: 0; list-style: none; } .alarms li { margin: .2rem 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: .55rem 0; } details:last-of-type { border-bottom: 1px solid var(--line); }
figure table th, figure table td { padding: .25rem .55rem; }
figure details, figure details:last-of-type { border: 0; padding: .3rem 0 0; font-size: .85rem; }
summary { cursor: pointer; overflow-wrap: anywhere; } summary:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
summary .detail { margin: .1rem 0 0 1.05rem; }
pre { margin: .3rem 0; padding: .55rem .7rem; background: var(--code); border-radius: 4px; font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; max-height: 26rem; overflow-y: auto; }
ol.steps { list-style: none; margin: .8rem 0 .4rem; padding: 0; max-width: 60rem; }
ol.steps > li { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: 0 0 1rem; }
ol.steps > li.good { border-left-color: var(--blue); } ol.steps > li.bad { border-left-color: var(--red); border-left-style: double; border-left-width: 5px; }
.rows { display: grid; grid-template-columns: 4.2rem minmax(0, 1fr); gap: .3rem .6rem; align-items: baseline; } .rows pre, .rows .verdict { margin: 0; }
.label { margin: .3rem 0; color: var(--soft); font-size: .78rem; font-weight: 600; }
.verdict { font-size: .875rem; margin: .25rem 0; overflow-wrap: anywhere; max-width: none; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .35rem 1.4rem; font-size: .9rem; margin: .8rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.counts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .2rem 2rem; }
.counts div { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line); padding: .25rem 0; font-size: .875rem; }
footer.page { color: var(--soft); font-size: .82rem; padding-top: 3rem; padding-bottom: 3rem; }
@media (max-width: 40rem) { main, header.page, footer.page { padding-left: 1rem; padding-right: 1rem; } header.page { padding-top: 1.6rem; } h1 { font-size: 1.55rem; }
  .matrix th[scope=row] { min-width: 8.5rem; max-width: 8.5rem; padding-left: 0; } dl, .rows { grid-template-columns: minmax(0, 1fr); gap: 0; } .rows pre, .rows .verdict { margin-bottom: .4rem; } dd { margin-bottom: .5rem; } }
@media print { :root { --ground: #fff; --panel: #fff; --ink: #000; --soft: #444; --faint: #666; --line: #ccc; --strong-line: #888; --blue: #00507f; --red: #9a3d00; --green: #005c44; --blue-tint: #e4f0f9; --red-tint: #fbe9dc; --code: #f6f6f6; }
  body { font-size: 11px; } nav { display: none; } .scroll { overflow: visible; } .matrix td { min-width: 0; } .matrix th[scope=row] { position: static; }
  tr, figure, ol.steps > li { break-inside: avoid; } h2, h3 { break-after: avoid; } pre { max-height: none; } .up, .down, .heat td, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`)
