/** A TypeScript type written out field by field, with the comments that stand at its declaration: what a JSON document holds. */
import ts from "typescript"

const deepest = 8

/** Optional fields have a `?`, any JSON value (the one type that holds itself) is `JSON`; what a JSON document cannot hold (functions, `undefined`) is left out. */
export function typeText(type: ts.Type, checker: ts.TypeChecker, indent = "", seen: readonly ts.Type[] = []): string {
  if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return "unknown"
  if (type.aliasSymbol?.name === "JsonValue") return "JSON"
  const plain = checker.getNonNullableType(type)
  const nullable = (type.flags & ts.TypeFlags.Union) !== 0 && (type as ts.UnionType).types.some(isNull)
  const text = nonNullText(plain, checker, indent, seen)
  return nullable ? `${text} | null` : text
}

const isNull = (type: ts.Type): boolean => (type.flags & ts.TypeFlags.Null) !== 0
const isUndefined = (type: ts.Type): boolean => (type.flags & ts.TypeFlags.Undefined) !== 0

function nonNullText(type: ts.Type, checker: ts.TypeChecker, indent: string, seen: readonly ts.Type[]): string {
  const inner = (part: ts.Type): string => typeText(part, checker, indent, [...seen, type])
  if (type.isUnion()) {
    if (type.flags & ts.TypeFlags.Boolean) return "boolean"
    return [...new Set(type.types.map((part) => inner(part)))].join(" | ").replace("false | true", "boolean")
  }
  if (checker.isTupleType(type))
    return `[${checker
      .getTypeArguments(type as ts.TypeReference)
      .map(inner)
      .join(", ")}]`
  if (checker.isArrayType(type)) {
    const element = checker.getTypeArguments(type as ts.TypeReference)[0]!
    return element.isUnion() ? `(${inner(element)})[]` : `${inner(element)}[]`
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || seen.includes(type) || seen.length > deepest)
    return checker.typeToString(type)
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String)
  const properties = checker.getPropertiesOfType(type).filter((property) => isField(property, checker))
  if (properties.length === 0) return values ? `{ [name]: ${inner(values)} }` : "object"
  const lines = properties.map((property) => field(property, checker, `${indent}  `, [...seen, type]))
  return `{\n${lines.join("\n")}\n${indent}}`
}

function isField(property: ts.Symbol, checker: ts.TypeChecker): boolean {
  return checker.getTypeOfSymbol(property).getCallSignatures().length === 0
}

function field(property: ts.Symbol, checker: ts.TypeChecker, indent: string, seen: readonly ts.Type[]): string {
  const type = checker.getTypeOfSymbol(property)
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 || (type.isUnion() && type.types.some(isUndefined))
  const comment = ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s+/g, " ").trim()
  const line = `${indent}${property.name}${optional ? "?" : ""}: ${typeText(type, checker, indent, seen)}`
  return comment === "" ? line : `${indent}// ${comment}\n${line}`
}

/** A program over files of the workspace, with its own settings. */
export function programOf(files: readonly string[]): { program: ts.Program; checker: ts.TypeChecker } {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ".")
  const program = ts.createProgram(files, options)
  return { program, checker: program.getTypeChecker() }
}

/** The type of a value that a file exports by that name. */
export function exportedType(
  { program, checker }: ReturnType<typeof programOf>,
  file: string,
  name: string,
): { type: ts.Type; symbol: ts.Symbol } {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
  const symbol = checker.getExportsOfModule(module).find((each) => each.name === name)
  if (!symbol) throw new Error(`${file} exports no ${name}`)
  return { type: checker.getTypeOfSymbol(symbol), symbol }
}
