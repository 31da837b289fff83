/** Libraries that leave JSON Schema to a package beside them: it is an optional peer of this one, used where it is installed. */
import { createRequire } from "@swirl-ts/platform"
import { errorMessage, SwirlError } from "../errors.ts"

interface Converter {
  library: string
  package: string
  name: string
  options: object
}

/** By the vendor that a Standard Schema names; zod 4 needs none. */
const converters: Record<string, Converter> = {
  valibot: {
    library: "Valibot",
    package: "@valibot/to-json-schema",
    name: "toJsonSchema",
    options: { typeMode: "input", errorMode: "ignore" },
  },
  zod: {
    library: "zod 3",
    package: "zod-to-json-schema",
    name: "zodToJsonSchema",
    options: { $refStrategy: "none" },
  },
}

/** The JSON Schema of a schema whose library has a converter; undefined where it has none. Throws where that is not installed. */
export function convertedSchema(schema: object, vendor: string): object | undefined {
  const converter = converters[vendor]
  if (!converter) return undefined
  const { library, package: needed, name, options } = converter
  let convert: (schema: unknown, options: object) => object
  try {
    convert = createRequire(import.meta.url)(needed)[name]
  } catch (cause) {
    const missing = (cause as { code?: unknown }).code === "MODULE_NOT_FOUND"
    const found = missing ? "which is not installed" : `which cannot be loaded: ${errorMessage(cause)}`
    throw new SwirlError(
      `the input schema is of ${library}, which is shown as JSON Schema by the package ${needed}, ${found}. Install it: npm i ${needed}`,
      { kind: "usage", cause },
    )
  }
  return convert(schema, options)
}
