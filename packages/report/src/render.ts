/**
 * Report data to one static HTML file: no script, no request, style and charts inline. The security policy forbids
 * everything else, so even a text that slipped through could load and run nothing.
 */
import { type ReportData, ReportDataSchema, type ReportInput } from "./data.ts"
import { clipped, excerpt, type Html, html } from "./html.ts"
import { calibrationSection } from "./section-calibration.ts"
import { filterSection } from "./section-filters.ts"
import { matrixSection } from "./section-matrix.ts"
import { caveatSection, provenanceSection } from "./section-provenance.ts"
import { samplesSection } from "./section-samples.ts"
import { toolsSection } from "./section-tools.ts"
import { trainingSection } from "./section-trainings.ts"
import { styleSheet } from "./theme.ts"

/** Throws a ZodError where the data is not a report. */
export function renderReport(input: ReportInput): string {
  const data = ReportDataSchema.parse(input)
  const sections: [id: string, name: string, content: Html | undefined][] = [
    ["results", "Results", data.matrix && matrixSection(data.matrix)],
    ["filters", "Filters", data.matrix && filterSection(data.matrix)],
    ["trainings", "Training", trainingSection(data.trainings)],
    ["judge", "Judge", calibrationSection(data.calibration)],
    ["tools", "Tools", toolsSection(data.tools)],
    ["samples", "Trajectories", samplesSection(data.samples)],
    ["provenance", "How it was made", provenanceSection(data)],
    ["limits", "Limits", caveatSection(data)],
  ]
  const shown = sections.filter(([, , content]) => content !== undefined)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${excerpt(data.title)}</title><style>${styleSheet}</style></head>
<body>${pageHeader(data, shown)}<main>${shown.map(([, , content]) => content)}</main>
<footer class="page">Made by swirl-ts. This file holds everything it shows; it loads nothing and runs no script.</footer></body></html>
`.text
}

function pageHeader(data: ReportData, shown: readonly (readonly [string, string, unknown])[]): Html {
  return html`<header class="page"><h1>${excerpt(data.title)}</h1><p class="dateline">${date(data.createdAt)}</p>
${data.headline.length > 0 && html`<div class="headline">${data.headline.map((text) => html`<p${/^\s/.test(text) && html` class="sub"`}>${clipped(text.trim())}</p>`)}</div>`}
<nav aria-label="Sections">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav></header>`
}

/** `23 November 2026, 22:36 UTC`; anything that is no date stays as it is. */
function date(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return excerpt(text)
  const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
  return `${day}, ${time.toISOString().slice(11, 16)} UTC`
}
