/**
 * What the viewer reads: the contract between the writer of this folder and the pages in the browser, as types alone.
 *
 * `report/` of a run folder holds `index.html`, the viewer's script and style, and `data/`:
 *
 *   data/summary.js                   the run, and in `pages` where the rest is; replaced in one step, last
 *   data/<folder>/questions-<n>.js    what was asked, each question once
 *   data/<folder>/samples-<n>.js      columns to browse; a sample is a row, and its number is its place over all pages
 *   data/<folder>/trajectories-<n>.js everything of each sample, loaded when one is opened
 *   data/<folder>/tokens-<n>.js       texts of the token ids of one policy
 *
 * Each is a classic script, since a page of `file://` may not fetch: one call of the global function `swirlPage(name, json)`,
 * where `name` is the file's without its folder and ending, and `json` a text for `JSON.parse` (as an object literal, a
 * recorded key `__proto__` would be none). Texts are as they were recorded, whatever they hold: whoever shows one shows it
 * as text. Numbers of the contract count from 0.
 */
import type { QuestionsPage } from "./questions-page.ts"
import type { SamplesPage } from "./samples-page.ts"
import type { SummaryPage } from "./summary-page.ts"
import type { TokensPage } from "./tokens-page.ts"
import type { TrajectoriesPage } from "./trajectories-page.ts"

/** The global function that every page calls. */
export const pageFunction = "swirlPage"

export interface Pages {
  summary: SummaryPage
  questions: QuestionsPage
  samples: SamplesPage
  trajectories: TrajectoriesPage
  tokens: TokensPage
}
