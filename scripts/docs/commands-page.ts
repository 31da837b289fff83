/** The page of commands, from the tables that the command line itself is read by, and the types of what `--json` prints. */
import type ts from "typescript"
import { commands } from "../../packages/cli/src/commands/all.ts"
import type { Command } from "../../packages/cli/src/commands/command.ts"
import { type Argument, flagText, type Option } from "../../packages/cli/src/options/option.ts"
import { commonOptions } from "../../packages/cli/src/options/tables.ts"
import { exportedType, programOf, typeText } from "./type-text.ts"

const fileOf = (name: string): string => `packages/cli/src/commands/${name.replace(" ", "-")}.ts`
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("{", "&#123;")

export async function commandsPage(): Promise<string> {
  const named = await Promise.all(Object.values(commands).map(async (load) => (await load()).command))
  const types = programOf(named.map(({ name }) => fileOf(name)))
  return [
    "# Commands",
    "",
    "Made from the command line's own tables. Every command takes these:",
    "",
    ...optionTable(commonOptions),
    "",
    "A flag goes before its environment variable, that before the config, that before the default.",
    "Exit codes stand in [the command's README](../packages/cli/README.md#exit-codes).",
    ...named.flatMap((command) => ["", ...section(command, documentText(command.name, types))]),
    "",
  ].join("\n")
}

function section(command: Command, document: string): string[] {
  const given = Object.entries<Argument>(command.arguments ?? {})
  const usage = given.map(([name, { many, optional }]) =>
    many ? `<${name}...>` : optional ? `[${name}]` : `<${name}>`,
  )
  const helped = given.filter(([, { help }]) => help)
  return [
    `## swirl ${command.name}`,
    "",
    `${command.description[0]!.toUpperCase()}${command.description.slice(1)}.`,
    "",
    "```txt",
    ["swirl", command.name, ...usage, "[options]"].join(" "),
    "```",
    ...helped.flatMap(([name, { help }]) => ["", `\`${name}\`: ${cell(help!)}`]),
    ...(command.options ? ["", ...optionTable(command.options)] : []),
    "",
    "With `--json`:",
    "",
    "```ts",
    document,
    "```",
  ]
}

const optionTable = (options: Readonly<Record<string, Option>>): string[] => [
  "| flag | | default |",
  "|---|---|---|",
  ...Object.entries(options).map(([name, option]) => {
    const { help = "", environment, config, choices, default: one } = option
    const flag = `\`${flagText(name, option)}\``
    const more = [
      choices ? `one of ${choices.join(", ")}` : "",
      environment ? `environment: \`${environment}\`` : "",
      config ? `config: \`defaults.${config}\`` : "",
    ].filter(Boolean)
    return `| ${flag.replaceAll("|", "\\|")} | ${cell([help, ...more].filter(Boolean).join("; "))} | ${one === undefined ? "" : `\`${one}\``} |`
  }),
]

/** The type of the document that `--json` prints: of `document` where the command has one, else of what `run` gives. */
function documentText(name: string, types: ReturnType<typeof programOf>): string {
  const { checker } = types
  const { type, symbol } = exportedType(types, fileOf(name), "command")
  const call = (symbol.valueDeclaration as ts.VariableDeclaration).initializer as ts.CallExpression
  const members = (call.arguments[0] as ts.ObjectLiteralExpression).properties
  const own = members.find((member) => member.name?.getText() === "document")
  const signature = own && checker.getTypeAtLocation(own).getCallSignatures()[0]
  const result = signature
    ? checker.getReturnTypeOfSignature(signature)
    : checker.getTypeArguments(type as ts.TypeReference)[2]!
  return typeText(result, checker)
}
