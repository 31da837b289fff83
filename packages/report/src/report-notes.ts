/** What the command of an experiment knows of its report beside the records, `notes.json` in the report's folder. */
import { join } from "node:path"
import { readDocument, writeDocument } from "@swirl-ts/store"
import { z } from "zod"

const ReportNotesSchema = z.object({
  schema: z.literal("swirl.report-notes/1").default("swirl.report-notes/1"),
  title: z.string(),
  /** Said after what the numbers say. */
  remarks: z.array(z.string()),
  /** Command lines that make it again. */
  commands: z.array(z.string()),
  /** How it was made, beside what the records say: name -> value. */
  provenance: z.record(z.string(), z.string()),
})
export type ReportNotes = z.input<typeof ReportNotesSchema>

const pathIn = (report: string): string => join(report, "notes.json")

export async function readNotes(report: string): Promise<ReportNotes | undefined> {
  return readDocument(pathIn(report), ReportNotesSchema, "Delete it, or make it again with swirl matrix.")
}

export const writeNotes = (report: string, notes: ReportNotes): Promise<void> =>
  writeDocument(pathIn(report), ReportNotesSchema.parse(notes))
