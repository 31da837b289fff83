import { statSync } from "node:fs"
import { resolve } from "node:path"
import { type RecordName, recordJsonSchema, recordSchemas, SwirlError, suggestion } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import { type Command, Option } from "commander"
import { z } from "zod"
import { type CommonOptions, openApp, withCommonOptions } from "../app.ts"

interface ValidateOptions extends CommonOptions {
  schema?: string
}

export function registerValidate(program: Command): void {
  withCommonOptions(
    program
      .command("validate")
      .description("check a record file line by line, or print the JSON Schema of a record")
      .argument("[file]", "a .jsonl file of a run folder")
      .addOption(new Option("--schema <record>", `print a JSON Schema: ${Object.keys(recordSchemas).join(", ")}`)),
  ).action(async (file: string | undefined, options: ValidateOptions) => {
    const { host, output } = await openApp(options)
    if (options.schema) {
      if (!(options.schema in recordSchemas)) {
        throw new SwirlError(
          `There is no record "${options.schema}".${suggestion(options.schema, Object.keys(recordSchemas))}`,
          { kind: "usage" },
        )
      }
      const schema = recordJsonSchema(options.schema as RecordName)
      output.result(schema, JSON.stringify(schema, null, 2))
      return
    }
    if (!file) throw new SwirlError("Give a record file, or --schema <record>.", { kind: "usage" })
    const path = resolve(host.workingDirectory, file)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new SwirlError(`There is no file ${path}. Give a .jsonl file of a run folder.`, { kind: "usage" })
    const any = z.discriminatedUnion("schema", Object.values(recordSchemas) as never)
    const counts: Record<string, number> = {}
    for await (const record of readRecords(file, any)) {
      const name = (record as { schema: string }).schema
      counts[name] = (counts[name] ?? 0) + 1
    }
    output.result(
      { file, records: counts },
      Object.keys(counts).length === 0
        ? `${file} holds no record.`
        : Object.entries(counts).map(([name, count]) => `${name}: ${count} records, all valid`),
    )
  })
}
